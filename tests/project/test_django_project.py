"""What a user of Project may rely on, on a real Django project with migrations and rows."""

import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import django_shop
import pytest
from shop_files import SHOP

from aksara_agent.errors import ProjectError
from aksara_agent.project.description import QueryRequest
from aksara_agent.project.failures import QueryError, UnknownModel
from aksara_agent.project.project import Project


@pytest.fixture
async def project(django_site: Path) -> AsyncIterator[Project]:
    async with Project.open(django_site, python=sys.executable) as opened:
        yield opened


def test_django_is_detected_with_manage_settings_and_apps(django_site: Path) -> None:
    setup = Project.open(django_site, python=sys.executable).describe_setup()
    (found,) = setup["frameworks"]
    assert (found["name"], found["adapter"]) == ("django", "available")
    assert "manage.py exists" in found["evidence"]
    assert "settings module mysite.settings (manage.py:6)" in found["evidence"]
    assert "installed apps of this project: accounts, shop.apps.ShopConfig, archive" in found["evidence"]
    assert setup["migrations"] == {
        "tool": "django",
        "folders": ["accounts/migrations", "archive/migrations", "shop/migrations"],
        "revisions": 3,
    }
    assert setup["database"]["source"] == "DATABASES of mysite.settings"


async def test_models_are_listed_with_app_tables_and_without_abstract_bases(project: Project) -> None:
    tables = {f"{model['file']}:{model['name']}": model["table"] for model in await project.models()}
    assert tables == {
        "accounts/models.py:User": "accounts_user",
        "accounts/models.py:Profile": "accounts_profile",
        "archive/models.py:Product": "old_products",
        "shop/models.py:Category": "shop_category",
        "shop/models.py:Tag": "shop_tag",
        "shop/models.py:Product": "shop_product",
        "shop/models.py:SoldOutProduct": "shop_product",
        "shop/models.py:Review": "shop_review",
    }


async def test_describe_is_live_with_types_choices_indexes_constraints_and_lines(
    project: Project, django_site: Path
) -> None:
    product = await project.describe("shop.Product")
    assert (product["source"], product["row_count"], product["notes"]) == ("live", 16, [])
    fields = {field["name"]: field for field in product["fields"]}
    assert fields["id"]["type"] == "UUIDField"
    assert fields["price"]["type"] == "DecimalField(10, 2)"
    assert fields["status"]["type"] == "CharField(8, choices: draft, live, gone)"
    assert (fields["status"]["default"], fields["stock"]["default"]) == ("'draft'", "0")
    assert (fields["category"]["column"], fields["category"]["foreign_key"]) == ("category_id", "shop_category.id")
    assert [name for name, field in fields.items() if field["indexed"]] == ["id", "slug", "status", "category", "owner"]
    assert [name for name, field in fields.items() if field["unique"]] == ["id", "slug"]
    assert not fields["title"]["unique"], "it is unique with the owner, and where featured"
    source = (django_site / "shop/models.py").read_text().splitlines()
    assert "owner" in source[(fields["owner"]["line"] or 0) - 1]
    assert {"name": "product_status_released", "columns": ["status", "released"], "unique": False} in product["indexes"]
    assert ("one_title_for_an_owner", ["owner_id", "title"]) in [
        (item["name"], item["columns"]) for item in product["constraints"]
    ]
    json.dumps(product)


async def test_relations_are_described_from_both_sides(project: Project) -> None:
    described = [await project.describe(name) for name in ("shop.Product", "User", "Tag", "Category", "Profile")]
    found = {
        f"{model['name']}.{item['name']}": (item["target"], item["direction"], item["back_populates"])
        for model in described
        for item in model["relations"]
    }
    assert found["Product.tags"] == ("shop.Tag", "ManyToMany", "products")
    assert found["Tag.products"] == ("shop.Product", "ManyToMany", "tags")
    assert found["Product.reviews"] == ("shop.Review", "OneToMany", "product")
    assert found["User.review"] == ("shop.Review", "OneToMany", "author")
    assert found["User.profile"] == ("accounts.Profile", "OneToOne", "user")
    assert found["Profile.user"] == ("accounts.User", "OneToOne", "profile")
    assert found["Category.children"] == ("shop.Category", "OneToMany", "parent")


async def test_secrets_are_hidden_and_a_proxy_says_whose_rows_it_has(project: Project) -> None:
    user = await project.describe("User")
    assert [field["name"] for field in user["fields"] if field["hidden"]] == ["password", "api_token"]
    row = (await project.query({"model": "User", "limit": 1}))["rows"][0]
    assert not {"password", "api_token"} & set(row)
    proxy = await project.describe("SoldOutProduct")
    assert (proxy["table"], proxy["row_count"]) == ("shop_product", 16)
    assert "a proxy of shop.Product: it has no table of its own" in proxy["notes"]


async def test_a_name_in_two_apps_is_answered_with_the_forms_that_work(project: Project) -> None:
    with pytest.raises(ProjectError, match=r"\(archive\.Product\).*\(shop\.Product\)\. Use one as app\.Model"):
        await project.describe("Product")
    for name in ("archive.Product", "archive/models.py:Product", "old_products"):
        assert (await project.describe(name))["file"] == "archive/models.py"
    with pytest.raises(UnknownModel, match="Did you mean Review"):
        await project.query({"model": "Reviews"})


async def test_a_manager_that_leaves_rows_out_is_mentioned_and_passed_by(project: Project) -> None:
    page = await project.query({"model": "archive.Product"})
    assert [row["title"] for row in page["rows"]] == ["kept", "deleted"]
    assert "Product.objects leaves rows out by its own filter" in page["notes"][0]


async def test_foreign_keys_may_be_named_as_django_names_them(project: Project) -> None:
    for filters in ({"owner": 1}, {"owner_id": 1}, {"owner__in": [1]}, {"owner__pk": 1}, {"owner__id": 1}):
        assert (await project.query({"model": "shop.Product", "filters": filters}))["total"] == 4
    page = await project.query({"model": "shop.Product", "fields": ["slug", "owner"], "order_by": ["owner", "pk"]})
    assert page["rows"][0] == {"slug": "p00", "owner": 1}
    assert (await project.query({"model": "User", "filters": {"review_set__stars": 5}}))["total"] == 2


async def test_a_choice_that_does_not_exist_finds_nothing_and_says_the_choices(project: Project) -> None:
    page = await project.query({"model": "shop.Product", "filters": {"status": "For sale"}})
    assert page["rows"] == []
    assert page["notes"] == ["status has the choices 'draft', 'live', 'gone'; 'For sale' is none of them"]


async def test_null_is_accounted_for_in_both_directions(project: Project) -> None:
    without = await project.query({"model": "shop.Product", "filters": {"price__gt": 5}})
    assert "rows whose price is NULL are not matched by gt; 3 such rows exist" in without["notes"][0]
    with_ = await project.query({"model": "shop.Product", "filters": {"not": {"price__gt": 5}}})
    assert 'rows whose price is NULL are matched by "not"; 3 such rows exist' in with_["notes"][0]
    assert without["total"] + with_["total"] == 16


async def test_count_pages_and_values_that_are_json(project: Project) -> None:
    counted = await project.query({"model": "shop.Product", "count": True, "filters": {"stock__gt": 1}})
    assert (counted["rows"], counted["total"]) == ([], 8)
    seen, offset = [], 0
    while offset is not None:
        page = await project.query({"model": "shop.Product", "order_by": ["stock"], "limit": 5, "offset": offset})
        seen += [row["slug"] for row in page["rows"]]
        offset = page["next_offset"]  # type: ignore[assignment]
    assert len(seen) == len(set(seen)) == 16
    row = (await project.query({"model": "shop.Product", "filters": {"slug": "p01"}}))["rows"][0]
    assert (row["price"], row["released"], row["extra"]) == ("1.50", "2023-12-31", {"n": 1})
    assert row["created_at"] == "2024-02-10T10:30:15.250001+00:00"


@pytest.mark.parametrize(
    "request_part",
    [
        {"fields": ["password"]},
        {"filters": {"api_token__startswith": "s"}},
        {"filters": {"not": {"or": [{"password": "s"}]}}},
        {"order_by": ["-password"]},
        {"aggregate": {"x": {"function": "max", "field": "password"}}},
        {"group_by": ["api_token"]},
        {"filters": {"products__owner__password__isnull": False}},
        {"filters": {"review__author__not": {"password": "x"}}},
    ],
)
async def test_secrets_cannot_be_reached_in_any_way(project: Project, request_part: dict[str, object]) -> None:
    with pytest.raises(QueryError, match="holds a secret"):
        await project.query({"model": "User", **request_part})  # type: ignore[typeddict-item]


@pytest.mark.parametrize(
    ("request_part", "message"),
    [
        ({"filters": {"titel": "x"}}, "Product has no field 'titel': did you mean 'title'"),
        ({"filters": {"title__contain": "x"}}, "did you mean 'contains'"),
        ({"filters": {"created_at__year": 2024}}, "unknown lookup 'year' on created_at"),
        ({"filters": {"owner__nam": "x"}}, "User has no field 'nam'"),
        ({"filters": {"tags": 1}}, "tags is a relation to Tag; filter by one of its fields, such as tags__id"),
        ({"filters": {"stock": "abc"}}, "stock expects a whole number, not 'abc'"),
        ({"filters": {"id": 5}}, "id expects a UUID, not 5"),
        ({"filters": {"owner": "ada"}}, "owner_id expects a whole number, not 'ada'"),
        ({"filters": {"created_at__gt": "yesterday"}}, "created_at: 'yesterday' is not a date or time"),
        ({"filters": {"released": "31.12.2023"}}, "released expects a date"),
        ({"filters": {"price__contains": "1"}}, "price__contains works on text columns, price is DecimalField"),
        ({"filters": {"extra": {"n": 1}}}, "extra is a JSONField column: values cannot be compared"),
        ({"filters": {"stock__range": [1]}}, r"expects \[low, high\]"),
        ({"filters": {"stock__in": 3}}, "expects a list"),
        ({"filters": {"tags__isnull": "yes"}}, "tags__isnull expects true or false"),
        ({"fields": ["tags__name"]}, "tags__name leads to many rows: use it in filters, or query Tag itself"),
        ({"fields": ["tags"]}, "tags is a relation to Tag"),
        ({"order_by": ["-nope"]}, "Product has no field 'nope'"),
        ({"limit": 5000}, "limit is a whole number from 1 to 1000, not 5000"),
        ({"raw": "DELETE"}, "unknown query key 'raw'"),
        ({"aggregate": {"x": {"function": "sum", "field": "title"}}}, "sum works on numbers, title is CharField"),
        ({"aggregate": {"x; DROP": {"function": "count"}}}, "not a usable alias"),
        ({"group_by": ["status"], "order_by": ["title"]}, "a grouped query is ordered by its own columns"),
    ],
)
async def test_a_wrong_request_says_what_is_valid(
    project: Project, request_part: dict[str, object], message: str
) -> None:
    with pytest.raises(QueryError, match=message):
        await project.query({"model": "shop.Product", **request_part})  # type: ignore[typeddict-item]


async def test_findings_are_right_for_django(own_site: Path) -> None:
    path = own_site / "shop/models.py"
    follow = "\nclass Follow(models.Model):\n    product = models.ForeignKey(Product, models.CASCADE)\n"
    follow += "    tag = models.ForeignKey(Tag, models.CASCADE)\n"
    path.write_text(
        path.read_text().replace("Category, models.SET_NULL,", "Category, models.SET_NULL, db_index=False,") + follow
    )
    django_shop.run(own_site, "manage.py", "makemigrations", "shop")
    django_shop.run(own_site, "manage.py", "migrate")
    (own_site / "shop/views.py").write_text(
        "from shop.models import Product, Review\nnewest = Review.objects.exclude(text='').order_by('-created_at')\n"
        "cheap = Product.objects.filter(price__lt=5, status='live', category=1)\n"
    )
    async with Project.open(own_site, python=sys.executable) as project:
        found = {(item["rule"], item["issue"].split()[0]): item for item in await project.check()}
    missing = found.pop(("foreign-key-without-index", "Product.category"))
    assert "remove db_index=False from Product.category" in missing["fix"]
    assert (
        "db_index=True to Review.created_at"
        in found.pop(("ordered-or-filtered-without-index", "Review.created_at"))["fix"]
    )
    pair = found.pop(("association-without-unique", "Follow"))
    assert "models.UniqueConstraint(fields=['product', 'tag'], name=…) to Meta.constraints of Follow" in pair["fix"]
    assert "declare email on User itself" in found.pop(("unique-candidate", "User.email"))["fix"]
    places = {key: item["evidence"] for key, item in found.items()}
    assert places == {
        ("ordered-or-filtered-without-index", "Product.price"): ["shop/views.py:3"],
        ("ordered-or-filtered-without-index", "Product.title"): ["shop/models.py:43"],
    }


async def test_an_edit_is_seen_by_the_next_describe(own_site: Path) -> None:
    async with Project.open(own_site, python=sys.executable) as project:
        await project.describe("Review")
        path = own_site / "shop/models.py"
        path.write_text(path.read_text().replace("text = models.TextField", "words = models.TextField"))
        described = await project.describe("Review")
        assert described["source"] == "live"
        assert "words" in [field["name"] for field in described["fields"]]


async def test_looking_at_a_project_leaves_no_files_in_it(project: Project, django_site: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in django_site.rglob("*")}
    await project.describe("shop.Product")
    await project.query({"model": "shop.Product"})
    await project.check()
    assert {path: path.stat().st_mtime_ns for path in django_site.rglob("*")} == before


async def test_a_repository_with_both_frameworks_is_served_by_both(own_site: Path) -> None:
    django_shop.write(own_site / "service", SHOP)
    async with Project.open(own_site, python=sys.executable) as project:
        names = [found["name"] for found in project.describe_setup()["frameworks"]]
        assert names == ["django", "sqlalchemy"]
        assert (await project.describe("Review"))["source"] == "live"
        assert (await project.describe("Post"))["source"] == "live"


async def test_a_query_is_plain_data_in_and_out(project: Project) -> None:
    request: QueryRequest = {"model": "shop.Product", "filters": {"title": "' OR 1=1; DELETE FROM shop_product; --"}}
    page = await project.query(request)
    assert (page["rows"], page["total"]) == ([], 0)
    assert "DELETE" not in page["statement"]
    nothing = await project.query({"model": "shop.Product", "filters": {"slug__in": []}})
    assert nothing["statement"] == "no query was needed: the filter cannot match any row"
    assert (await project.query({"model": "shop.Product", "count": True}))["total"] == 16
