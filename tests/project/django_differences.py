"""Questions in our filter language and, written by hand, in Django's ORM. `P` is Product, `U` User, `R` Review."""

from typing import Any

# (filters on Product, the same as a queryset): compared by slug.
FILTERS: list[tuple[dict[str, Any], str]] = [
    ({}, "P.all()"),
    ({"title": "Alpha"}, "P.filter(title='Alpha')"),
    ({"title": "alpha"}, "P.filter(title='alpha')"),
    ({"title__iexact": "ALPHA"}, "P.filter(title__iexact='ALPHA')"),
    ({"title__iexact": "a_b"}, "P.filter(title__iexact='a_b')"),
    ({"title__iexact": "äpfel"}, "P.filter(title__iexact='äpfel')"),
    ({"title__icontains": "ALPHA"}, "P.filter(title__icontains='ALPHA')"),
    ({"title__icontains": "%"}, "P.filter(title__icontains='%')"),
    ({"title__icontains": "_"}, "P.filter(title__icontains='_')"),
    ({"title__icontains": "\\"}, r"P.filter(title__icontains='\\')"),
    ({"title__icontains": "ÄPFEL"}, "P.filter(title__icontains='ÄPFEL')"),
    ({"title__icontains": "☃"}, "P.filter(title__icontains='☃')"),
    ({"title__icontains": ""}, "P.filter(title__icontains='')"),
    ({"title__contains": "_b"}, "P.filter(title__contains='_b')"),
    ({"title__contains": "*"}, "P.filter(title__contains='*')"),
    ({"title__contains": "["}, "P.filter(title__contains='[')"),
    ({"title__startswith": "100%"}, "P.filter(title__startswith='100%')"),
    ({"title__istartswith": "A"}, "P.filter(title__istartswith='A')"),
    ({"title__endswith": "?"}, "P.filter(title__endswith='?')"),
    ({"title__iendswith": "WOOLS"}, "P.filter(title__iendswith='WOOLS')"),
    ({"subtitle": ""}, "P.filter(subtitle='')"),
    ({"subtitle": None}, "P.filter(subtitle=None)"),
    ({"subtitle__icontains": "a"}, "P.filter(subtitle__icontains='a')"),
    ({"not": {"subtitle__icontains": "a"}}, "P.exclude(subtitle__icontains='a')"),
    ({"price__gt": 2}, "P.filter(price__gt=2)"),
    ({"price__gte": "2.5", "price__lt": 50}, "P.filter(price__gte='2.5', price__lt=50)"),
    ({"not": {"price__gt": 2}}, "P.exclude(price__gt=2)"),
    ({"not": {"not": {"price__gt": 2}}}, "P.filter(price__gt=2)"),
    ({"price__ne": 10}, "P.exclude(price=10).filter(price__isnull=False)"),
    ({"price__isnull": True}, "P.filter(price__isnull=True)"),
    ({"not": {"price__isnull": True}}, "P.exclude(price__isnull=True)"),
    ({"price__range": [1, 10]}, "P.filter(price__range=(1, 10))"),
    ({"not": {"price__range": [1, 10]}}, "P.exclude(price__range=(1, 10))"),
    ({"price__in": [1.5, "10.00"]}, "P.filter(price__in=['1.5', '10.00'])"),
    ({"slug__in": []}, "P.filter(slug__in=[])"),
    ({"not": {"slug__in": []}}, "P.exclude(slug__in=[])"),
    ({"not": {"subtitle__in": []}}, "P.exclude(subtitle__in=[])"),
    ({"or": [{"slug__in": []}, {"stock": 2}]}, "P.filter(Q(slug__in=[]) | Q(stock=2))"),
    ({"rating": 0}, "P.filter(rating=0)"),
    ({"rating__lte": 4.5}, "P.filter(rating__lte=4.5)"),
    ({"featured": True}, "P.filter(featured=True)"),
    ({"not": {"featured": True, "stock__gt": 0}}, "P.exclude(featured=True, stock__gt=0)"),
    ({"status__in": ["live", "gone"]}, "P.filter(status__in=['live', 'gone'])"),
    ({"released__gte": "2024-01-01"}, "P.filter(released__gte='2024-01-01')"),
    ({"released__range": ["2023-12-31", "2024-01-01"]}, "P.filter(released__range=('2023-12-31', '2024-01-01'))"),
    ({"not": {"released__lt": "2024-02-01"}}, "P.exclude(released__lt='2024-02-01')"),
    ({"created_at__gt": "2024-06-01T00:00:00Z"}, "P.filter(created_at__gt=at(2024, 6, 1))"),
    ({"created_at": "2024-01-01T10:30:15.250001Z"}, "P.filter(created_at=at(2024, 1, 1, 10, 30, 15, 250001))"),
    (
        {"created_at__lt": "2024-01-01T11:30:15.250002+01:00"},
        "P.filter(created_at__lt=at(2024, 1, 1, 10, 30, 15, 250002))",
    ),
    ({"created_at__gt": "now-90d"}, "P.filter(created_at__gt=timezone.now() - timedelta(days=90))"),
    ({"id": "00000000-0000-0000-0000-000000000008"}, "P.filter(id='00000000-0000-0000-0000-000000000008')"),
    ({"id__gt": "00000000-0000-0000-0000-000000000010"}, "P.filter(id__gt='00000000-0000-0000-0000-000000000010')"),
    (
        {"or": [{"price__gt": 50}, {"and": [{"stock": 1}, {"not": {"featured": True}}]}]},
        "P.filter(Q(price__gt=50) | (Q(stock=1) & ~Q(featured=True)))",
    ),
    (
        {"not": {"or": [{"price__gt": 5}, {"subtitle": ""}]}},
        "P.exclude(Q(price__gt=5) | Q(subtitle=''))",
    ),
    (
        {"not": {"and": [{"stock__gte": 1}, {"not": {"price__lt": 5}}]}},
        "P.exclude(Q(stock__gte=1) & ~Q(price__lt=5))",
    ),
    # to one
    ({"category__name": "Novels"}, "P.filter(category__name='Novels')"),
    ({"category__isnull": True}, "P.filter(category__isnull=True)"),
    ({"category__isnull": False}, "P.filter(category__isnull=False)"),
    ({"category_id": None}, "P.filter(category_id=None)"),
    ({"not": {"category__name": "Novels"}}, "P.exclude(category__name='Novels')"),
    ({"category__parent__name": "Books"}, "P.filter(category__parent__name='Books')"),
    ({"category__parent__isnull": True}, "P.filter(category__parent__isnull=True)"),
    ({"not": {"category__parent__isnull": True}}, "P.exclude(category__parent__isnull=True)"),
    (
        {"category__isnull": False, "category__parent__isnull": True},
        "P.filter(category__isnull=False, category__parent__isnull=True)",
    ),
    ({"category__parent__name": None}, "P.filter(category__parent__name=None)"),
    ({"not": {"category__parent__name": "Books"}}, "P.exclude(category__parent__name='Books')"),
    ({"owner__nickname__isnull": True}, "P.filter(owner__nickname__isnull=True)"),
    ({"owner__nickname__icontains": "%"}, "P.filter(owner__nickname__icontains='%')"),
    ({"owner__profile__isnull": True}, "P.filter(owner__profile__isnull=True)"),
    ({"owner__profile__isnull": False}, "P.filter(owner__profile__isnull=False)"),
    ({"owner__profile__city__isnull": True}, "P.filter(owner__profile__city__isnull=True)"),
    ({"not": {"owner__profile__city": "London"}}, "P.exclude(owner__profile__city='London')"),
    (
        {"owner__points__lt": 5, "category__name__startswith": "N"},
        "P.filter(owner__points__lt=5, category__name__startswith='N')",
    ),
    (
        {"or": [{"owner__username": "ada"}, {"category__name": "Toys"}]},
        "P.filter(Q(owner__username='ada') | Q(category__name='Toys'))",
    ),
    # to many
    ({"tags__name": "sale"}, "P.filter(tags__name='sale').distinct()"),
    ({"tags__name__in": ["sale", "rare"]}, "P.filter(tags__name__in=['sale', 'rare']).distinct()"),
    ({"tags__isnull": True}, "P.filter(tags__isnull=True)"),
    ({"tags__isnull": False}, "P.filter(tags__isnull=False).distinct()"),
    ({"not": {"tags__name": "sale"}}, "P.exclude(tags__name='sale')"),
    ({"tags__name": "100%"}, "P.filter(tags__name='100%').distinct()"),
    (
        {"and": [{"tags__name": "new"}, {"tags__name": "sale"}]},
        "P.filter(tags__name='new').filter(tags__name='sale').distinct()",
    ),
    ({"reviews__stars__gt": 1}, "P.filter(reviews__stars__gt=1).distinct()"),
    ({"reviews__stars__isnull": True}, "P.filter(reviews__stars__isnull=True).distinct()"),
    (
        {"reviews__isnull": False, "reviews__stars": None},
        "P.filter(reviews__isnull=False, reviews__stars=None).distinct()",
    ),
    ({"reviews__stars": 1, "reviews__text": "great"}, "P.filter(reviews__stars=1, reviews__text='great').distinct()"),
    (
        {"and": [{"reviews__stars": 1}, {"reviews__text": "great"}]},
        "P.filter(reviews__stars=1).filter(reviews__text='great').distinct()",
    ),
    ({"not": {"reviews__stars__gt": 1}}, "P.exclude(reviews__stars__gt=1)"),
    (
        {"not": {"reviews__stars": 1, "reviews__text": "great"}},
        "P.exclude(reviews__in=Review.objects.filter(stars=1, text='great'))",
    ),
    ({"reviews__author__username": "cyd"}, "P.filter(reviews__author__username='cyd').distinct()"),
    ({"reviews__author__isnull": True}, "P.filter(reviews__author__isnull=True).distinct()"),
    ({"not": {"reviews__author__username": "cyd"}}, "P.exclude(reviews__author__username='cyd')"),
    (
        {"or": [{"reviews__stars": 5}, {"tags__name": "rare", "stock": 3}]},
        "P.filter(Q(reviews__stars=5) | Q(tags__name='rare', stock=3)).distinct()",
    ),
    ({"category__products__tags__name": "rare"}, "P.filter(category__products__tags__name='rare').distinct()"),
    ({"owner__review__stars__lt": 3}, "P.filter(owner__review__stars__lt=3).distinct()"),
    (
        {"not": {"or": [{"tags__name": "new"}, {"reviews__stars": 1}]}},
        "P.exclude(Q(tags__name='new') | Q(reviews__stars=1))",
    ),
]
# (request, queryset of tuples): compared row by row, in order.
PAGES: list[tuple[dict[str, Any], str]] = [
    (
        {"model": "Product", "fields": ["slug", "price"], "order_by": ["-price", "title"], "limit": 7},
        "P.order_by('-price', 'title', 'pk').values_list('slug', 'price')[:7]",
    ),
    (
        {"model": "Product", "fields": ["slug"], "order_by": ["status"], "limit": 5, "offset": 5},
        "P.order_by('status', 'pk').values_list('slug')[5:10]",
    ),
    (
        {"model": "Product", "fields": ["slug", "category__name"], "order_by": ["-category__name"], "offset": 3},
        "P.order_by('-category__name', 'pk').values_list('slug', 'category__name')[3:]",
    ),
    (
        {"model": "Product", "fields": ["id", "rating", "featured", "released", "stock"], "filters": {"stock__gt": 1}},
        "P.filter(stock__gt=1).order_by('pk').values_list('id', 'rating', 'featured', 'released', 'stock')",
    ),
    ({"model": "Product", "limit": 3, "offset": 100, "fields": ["slug"]}, "P.order_by('pk').values_list('slug')[100:]"),
    (
        {"model": "User", "fields": ["username", "profile__city"], "order_by": ["username"]},
        "U.order_by('username').values_list('username', 'profile__city')",
    ),
    (
        {
            "model": "User",
            "fields": ["username"],
            "filters": {"products__tags__name": "sale"},
            "order_by": ["username"],
        },
        "U.filter(products__tags__name='sale').distinct().order_by('username').values_list('username')",
    ),
    (
        {"model": "User", "fields": ["username"], "filters": {"review__isnull": True}, "order_by": ["-username"]},
        "U.filter(review__isnull=True).order_by('-username').values_list('username')",
    ),
    (
        {"model": "Category", "fields": ["name"], "filters": {"children__isnull": True}, "order_by": ["name"]},
        "C.filter(children__isnull=True).order_by('name').values_list('name')",
    ),
    (
        {
            "model": "Category",
            "fields": ["name"],
            "filters": {"children__products__isnull": True},
            "order_by": ["name"],
        },
        "C.filter(children__products__isnull=True).distinct().order_by('name').values_list('name')",
    ),
    (
        {"model": "Review", "fields": ["id"], "filters": {"product__tags__name": "new", "author__username": "ada"}},
        "R.filter(product__tags__name='new', author__username='ada').distinct().order_by('pk').values_list('id')",
    ),
    ({"model": "Product", "aggregate": {"n": {"function": "count"}}}, "[tuple(P.aggregate(n=Count('*')).values())]"),
    (
        {
            "model": "Product",
            "aggregate": {
                "a": {"function": "sum", "field": "price"},
                "b": {"function": "avg", "field": "rating"},
                "c": {"function": "min", "field": "released"},
                "d": {"function": "max", "field": "title"},
                "e": {"function": "count", "field": "rating"},
                "f": {"function": "count", "field": "rating", "distinct": True},
            },
        },
        "[tuple(P.aggregate(a=Sum('price'), b=Avg('rating'), c=Min('released'), d=Max('title'), "
        "e=Count('rating'), f=Count('rating', distinct=True)).values())]",
    ),
    (
        {
            "model": "Product",
            "filters": {"slug": "nothing"},
            "aggregate": {"n": {"function": "count"}, "s": {"function": "sum", "field": "stock"}},
        },
        "[tuple(P.filter(slug='nothing').aggregate(n=Count('*'), s=Sum('stock')).values())]",
    ),
    (
        {
            "model": "Product",
            "group_by": ["status"],
            "aggregate": {"n": {"function": "count"}, "s": {"function": "sum", "field": "price"}},
            "order_by": ["-n", "status"],
        },
        "P.order_by().values('status').annotate(n=Count('*'), s=Sum('price')).order_by('-n', 'status')"
        ".values_list('status', 'n', 's')",
    ),
    (
        {
            "model": "Product",
            "group_by": ["category__name"],
            "aggregate": {"reviews": {"function": "max", "field": "rating"}},
        },
        "P.order_by().values('category__name').annotate(m=Max('rating')).order_by('category__name')"
        ".values_list('category__name', 'm')",
    ),
    (
        {
            "model": "Product",
            "group_by": ["status", "featured"],
            "filters": {"tags__isnull": False},
            "aggregate": {"n": {"function": "count"}},
            "order_by": ["status", "-featured"],
            "limit": 3,
            "offset": 1,
        },
        "P.filter(pk__in=P.filter(tags__isnull=False).values('pk')).order_by().values('status', 'featured')"
        ".annotate(n=Count('*')).order_by('status', '-featured').values_list('status', 'featured', 'n')[1:4]",
    ),
    (
        {"model": "Review", "group_by": ["author__username"], "order_by": ["-author__username"]},
        "R.order_by().values('author__username').annotate(n=Count('*')).order_by('-author__username')"
        ".values_list('author__username', 'n')",
    ),
    (
        {"model": "Product", "group_by": ["status"], "aggregate": {"n": {"function": "count", "field": "category_id"}}},
        "P.order_by().values('status').annotate(n=Count('category_id')).order_by('status').values_list('status', 'n')",
    ),
]
# Run inside the project: reads expressions, prints the rows of each.
ASK_DJANGO = """
    import datetime as dt
    import json
    import os
    import sys
    from datetime import timedelta

    os.environ["DJANGO_SETTINGS_MODULE"] = "mysite.settings"
    import django

    django.setup()
    from django.db.models import Avg, Count, Max, Min, Q, Sum
    from django.utils import timezone
    from accounts.models import User
    from shop.models import Category, Product, Review

    def at(*parts):
        return dt.datetime(*parts, tzinfo=dt.timezone.utc)

    P, U, C, R = Product.objects, User.objects, Category.objects, Review.objects
    answers = [[list(row) for row in eval(text)] for text in json.load(sys.stdin)]
    print(json.dumps(answers, default=str))
"""
