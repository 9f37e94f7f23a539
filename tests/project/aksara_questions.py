"""Questions that Aksara's own querysets can express. `P` is Product, `U` User, `R` Review."""

from typing import Any

# (request, the same with Aksara's manager): rows are compared by slug, in order.
QUESTIONS: list[tuple[dict[str, Any], str]] = [
    ({}, "P"),
    ({"filters": {"title": "Alpha"}}, "P.filter(title='Alpha')"),
    ({"filters": {"title__contains": "pha"}}, "P.filter(title__contains='pha')"),
    ({"filters": {"title__icontains": "ALPHA"}}, "P.filter(title__icontains='ALPHA')"),
    ({"filters": {"title__icontains": "äpfel"}}, "P.filter(title__icontains='äpfel')"),
    ({"filters": {"slug__in": ["p01", "p07", "nope"]}}, "P.filter(slug__in=['p01', 'p07', 'nope'])"),
    ({"filters": {"slug__in": []}}, "P.filter(slug__in=[])"),
    ({"filters": {"subtitle": None}}, "P.filter(subtitle=None)"),
    ({"filters": {"subtitle__isnull": False}}, "P.filter(subtitle__isnull=False)"),
    ({"filters": {"price__gt": 2}}, "P.filter(price__gt=Decimal(2))"),
    ({"filters": {"price__gte": "2.5", "price__lt": 50}}, "P.filter(price__gte=Decimal('2.5'), price__lt=Decimal(50))"),
    ({"filters": {"stock": 3}}, "P.filter(stock=3)"),
    ({"filters": {"stock__lte": 1}}, "P.filter(stock__lte=1)"),
    ({"filters": {"rating": 4.5}}, "P.filter(rating=4.5)"),
    ({"filters": {"featured": True}}, "P.filter(featured=True)"),
    ({"filters": {"not": {"featured": True}}}, "P.filter(~Q(featured=True))"),
    ({"filters": {"status": "live"}}, "P.filter(status=Status.LIVE)"),
    ({"filters": {"status": "LIVE"}}, "P.filter(status='LIVE')"),
    ({"filters": {"status__in": ["draft", "gone"]}}, "P.filter(status__in=[Status.DRAFT, Status.GONE])"),
    ({"filters": {"released__gte": "2024-01-01"}}, "P.filter(released__gte=date(2024, 1, 1))"),
    ({"filters": {"created_at__lt": "2024-06-01T00:00:00Z"}}, "P.filter(created_at__lt=at(2024, 6, 1))"),
    ({"filters": {"created_at__gt": "now-90d"}}, "P.filter(created_at__gt=now() - timedelta(days=90))"),
    ({"filters": {"category": None}}, "P.filter(category=None)"),
    ({"filters": {"or": [{"price__gt": 50}, {"stock": 1}]}}, "P.filter(Q(price__gt=Decimal(50)) | Q(stock=1))"),
    (
        {"filters": {"and": [{"stock__gte": 1}, {"or": [{"featured": True}, {"not": {"status": "gone"}}]}]}},
        "P.filter(Q(stock__gte=1) & (Q(featured=True) | ~Q(status='gone')))",
    ),
    ({"order_by": ["-title"]}, "P.order_by('-title')"),
    ({"order_by": ["stock", "-slug"], "limit": 5}, "P.order_by('stock', '-slug').limit(5)"),
    ({"order_by": ["-price"], "limit": 4, "offset": 3}, "P.order_by('-price', 'id').limit(4).offset(3)"),
    ({"order_by": ["released"]}, "P.order_by('released', 'id')"),
]
FIGURES: list[tuple[dict[str, Any], str]] = [
    ({"n": {"function": "count"}}, "P.aggregate(n=Count('*'))"),
    (
        {"n": {"function": "count", "field": "rating", "distinct": True}},
        "P.aggregate(n=Count('rating', distinct=True))",
    ),
    ({"n": {"function": "sum", "field": "price"}}, "P.aggregate(n=Sum('price'))"),
    ({"n": {"function": "sum", "field": "stock"}}, "P.aggregate(n=Sum('stock'))"),
    ({"n": {"function": "avg", "field": "rating"}}, "P.aggregate(n=Avg('rating'))"),
    ({"n": {"function": "min", "field": "released"}}, "P.aggregate(n=Min('released'))"),
    ({"n": {"function": "max", "field": "title"}}, "P.aggregate(n=Max('title'))"),
]
# Run inside the project: reads expressions, prints for each the slugs of its rows and their number, or its figures.
ASK_AKSARA = """
    import asyncio
    import datetime as dt
    import json
    import sys
    from datetime import date, timedelta
    from decimal import Decimal

    import settings
    import accounts.models
    from aksara import Avg, Count, Database, Max, Min, Q, Sum
    from aksara.conf import settings as configured
    from aksara.model.base import finalize_relations
    from shop.models import Product, Status

    finalize_relations()
    P = Product.objects

    def at(*parts):
        return dt.datetime(*parts, tzinfo=dt.timezone.utc)

    def now():
        return dt.datetime.now(dt.timezone.utc)

    async def answer(text):
        found = eval(text)
        if asyncio.iscoroutine(found):
            return (await found)["n"]
        found = found.filter() if found is P else found
        rows, count = await (found if found._order_by else found.order_by("id")).fetch_with_count()
        return [[row.slug for row in rows], count]

    async def main():
        database = Database(configured.database_url, min_size=1, max_size=1)
        await database.connect()
        answers = [await answer(text) for text in json.load(sys.stdin)]
        await database.disconnect()
        print(json.dumps(answers, default=str))

    asyncio.run(main())
"""
