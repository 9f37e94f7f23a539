"""What a user of Project may rely on, on a real Aksara project with migrations and rows in PostgreSQL."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import aksara_shop
import pytest
from aksara_shop import AksaraShop
from shop_files import WriteFiles

from aksara_agent.errors import ProjectError
from aksara_agent.project.failures import QueryError, UnknownModel
from aksara_agent.project.project import Project

NO_INDEX = "Product.title is declared with db_index=True, but Aksara's migrations make no index"


@pytest.fixture
async def project(aksara_site: AksaraShop) -> AsyncIterator[Project]:
    async with aksara_site.open() as opened:
        yield opened


def test_aksara_is_detected_with_settings_migrations_and_database(aksara_site: AksaraShop) -> None:
    setup = aksara_site.open().describe_setup()
    (found,) = setup["frameworks"]
    assert (found["name"], found["adapter"]) == ("aksara", "available")
    assert found["evidence"] == [
        "8 models, e.g. User at accounts/models.py:4",
        "configure() at settings.py:4",
        "1 Aksara migrations in migrations",
    ]
    assert setup["migrations"] == {"tool": "aksara", "folders": ["migrations"], "revisions": 1}
    assert setup["database"]["source"] == "configure() at settings.py:4"
    assert setup["database"]["url"].startswith("postgresql://postgres:***@")


async def test_models_are_listed_with_tables_and_the_fields_every_model_gets(project: Project) -> None:
    listed = await project.models()
    assert {f"{model['file']}:{model['name']}": model["table"] for model in listed} == {
        "accounts/models.py:User": "users",
        "accounts/models.py:Profile": "profiles",
        "accounts/models.py:AuditEntry": "audit_log",
        "archive/models.py:Product": "old_products",
        "shop/models.py:Category": "categories",
        "shop/models.py:Tag": "tags",
        "shop/models.py:Product": "products",
        "shop/models.py:Review": "reviews",
    }
    fields = {f"{model['file']}:{model['name']}": model["fields"] for model in listed}
    assert fields["shop/models.py:Tag"] == ["name", "id", "created_at", "updated_at"]
    assert "deleted_at" in fields["archive/models.py:Product"]


async def test_describe_is_live_with_types_indexes_constraints_and_lines(
    project: Project, aksara_site: AksaraShop
) -> None:
    product = await project.describe("shop.Product")
    assert (product["source"], product["row_count"]) == ("live", 16)
    (note,) = product["notes"]
    assert NO_INDEX in note
    assert "op.AddIndex(op.IndexOp(name='ix_products_title', table='products', columns=['title']))" in note
    fields = {field["name"]: field for field in product["fields"]}
    assert fields["price"]["type"] == "Decimal(10, 2)"
    assert fields["status"]["type"] == "Enum('draft', 'live', 'gone')"
    assert fields["size"]["type"] == "String(8, choices: s, l)"
    assert (fields["status"]["default"], fields["stock"]["default"]) == ("'draft'", "0")
    assert (fields["category"]["column"], fields["category"]["foreign_key"]) == ("category_id", "categories.id")
    assert [name for name, field in fields.items() if field["indexed"]] == ["slug", "id"]
    assert [name for name, field in fields.items() if field["nullable"]] == [
        *("subtitle", "price", "rating", "released", "extra", "category"),
    ]
    source = (aksara_site.root / "shop/models.py").read_text().splitlines()
    assert "owner" in source[(fields["owner"]["line"] or 0) - 1]
    assert product["indexes"] == [{"name": "products_slug_key", "columns": ["slug"], "unique": True}]
    keys = {(item["columns"][0], item.get("on_delete")) for item in product["constraints"] if "target" in item}
    assert keys == {("category_id", "SET NULL"), ("owner_id", "CASCADE")}
    json.dumps(product)


async def test_relations_are_described_from_both_sides(project: Project) -> None:
    described = [await project.describe(name) for name in ("shop.Product", "User", "Tag", "Category", "Profile")]
    found = {
        f"{model['name']}.{item['name']}": (item["target"], item["direction"], item["back_populates"])
        for model in described
        for item in model["relations"]
    }
    assert found["Product.tags"] == ("Tag", "ManyToMany", "products")
    assert found["Tag.products"] == ("Product", "ManyToMany", "tags")
    assert found["Product.reviews"] == ("Review", "OneToMany", "product")
    assert found["User.review"] == ("Review", "OneToMany", "author")
    assert found["User.profile"] == ("Profile", "OneToOne", "user")
    assert found["Profile.user"] == ("User", "OneToOne", "profile")
    assert found["Category.parent"] == ("Category", "ManyToOne", "children")
    assert found["Category.children"] == ("Category", "OneToMany", "parent")
    tags = next(item for item in described[0]["relations"] if item["name"] == "tags")
    assert (tags["secondary"], tags["secondary_unique"]) == ("products_tags", True)
    assert tags["foreign_keys"] == ["products_tags.product_id", "products_tags.tag_id"]


async def test_a_name_in_two_apps_is_answered_with_the_forms_that_work(project: Project) -> None:
    with pytest.raises(ProjectError, match=r"\(archive\.Product\).*\(shop\.Product\)\. Use one as app\.Model"):
        await project.describe("Product")
    for name in ("archive.Product", "archive/models.py:Product", "old_products", "archive.models.Product"):
        assert (await project.describe(name))["file"] == "archive/models.py"
    with pytest.raises(UnknownModel, match="Did you mean Review"):
        await project.query({"model": "Reviwe"})


async def test_deleted_rows_are_read_too_and_mentioned(project: Project) -> None:
    page = await project.query({"model": "archive.Product", "order_by": ["title"]})
    assert [row["title"] for row in page["rows"]] == ["deleted", "kept"]
    assert "Product.objects leaves deleted rows out" in page["notes"][0]
    assert (await project.query({"model": "archive.Product", "filters": {"deleted_at__isnull": True}}))["total"] == 1


async def test_foreign_keys_may_be_named_as_aksara_names_them(project: Project) -> None:
    page = await project.query({"model": "User", "filters": {"username": "ada"}, "fields": ["id"]})
    ada = page["rows"][0]["id"]
    for filters in ({"owner": ada}, {"owner_id": ada}, {"owner__in": [ada]}, {"owner__id": ada}):
        assert (await project.query({"model": "shop.Product", "filters": filters}))["total"] == 4
    first = {"model": "shop.Product", "fields": ["slug", "owner"], "order_by": ["slug"], "limit": 1}
    assert (await project.query(first))["rows"] == [{"slug": "p00", "owner": ada}]  # type: ignore[arg-type]


async def test_relations_are_asked_from_the_other_side_too(project: Project) -> None:
    async def names(model: str, filters: dict[str, object]) -> list[str]:
        field = "username" if model == "User" else "name"
        page = await project.query({"model": model, "filters": filters, "fields": [field], "order_by": [field]})
        return [row[field] for row in page["rows"]]

    assert await names("Tag", {"products__slug": "p05"}) == ["100%", "new"]
    assert await names("Tag", {"products__slug__in": ["p01", "p03"]}) == ["new", "sale"], "no tag twice"
    assert await names("Tag", {"not": {"products__slug": "p03"}}) == ["100%", "rare"]
    assert await names("Category", {"products__tags__name": "rare", "parent__name": "Books"}) == ["Novels"]
    assert await names("Category", {"children__isnull": False}) == ["Books", "Toys"]
    assert await names("User", {"profile__city": "Köln"}) == ["dan"]
    assert await names("User", {"profile__isnull": True}) == ["cyd", "eve"]


async def test_a_choice_that_does_not_exist_finds_nothing_and_says_the_choices(project: Project) -> None:
    page = await project.query({"model": "shop.Product", "filters": {"size": "Small"}})
    assert page["rows"] == []
    assert page["notes"] == ["size has the choices 's', 'l'; 'Small' is none of them"]


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
    assert (row["price"], row["released"], row["extra"], row["status"]) == ("1.50", "2023-12-31", {"n": 1}, "live")
    assert row["created_at"] == "2024-02-10T10:30:15.250001+00:00"


async def test_figures_are_numbers_also_where_postgresql_has_no_such_function(project: Project) -> None:
    figures = {
        "all": {"function": "min", "field": "featured"},
        "any": {"function": "max", "field": "featured"},
        "first": {"function": "min", "field": "id"},
        "stock": {"function": "sum", "field": "stock"},
        "mean": {"function": "avg", "field": "stock"},
        "price": {"function": "sum", "field": "price", "distinct": True},
    }
    page = await project.query({"model": "shop.Product", "aggregate": figures})  # type: ignore[typeddict-item]
    assert page["rows"] == [
        {
            **{"all": False, "any": True, "first": "00000000-0000-0000-0000-000000000001"},
            **{"stock": 24, "mean": 1.5, "price": "112.99"},
        }
    ]


async def test_secrets_are_hidden_by_name_and_by_the_models_own_word(project: Project) -> None:
    user = await project.describe("User")
    assert [field["name"] for field in user["fields"] if field["hidden"]] == ["email", "password", "api_token"]
    row = (await project.query({"model": "User", "limit": 1}))["rows"][0]
    assert not {"email", "password", "api_token"} & set(row)


@pytest.mark.parametrize(
    "request_part",
    [
        {"fields": ["password"]},
        {"filters": {"api_token__startswith": "s"}},
        {"filters": {"not": {"or": [{"email__contains": "@"}]}}},
        {"order_by": ["-email"]},
        {"aggregate": {"x": {"function": "max", "field": "password"}}},
        {"group_by": ["email"]},
        {"filters": {"products__owner__password__isnull": False}},
        {"filters": {"review__author__not": {"email": "x"}}},
        {"fields": ["profile__user__email"]},
    ],
)
async def test_secrets_cannot_be_reached_in_any_way(project: Project, request_part: dict[str, object]) -> None:
    with pytest.raises(QueryError, match=r"holds a secret|is marked ai_sensitive"):
        await project.query({"model": "User", **request_part})  # type: ignore[typeddict-item]


async def test_rows_that_a_model_keeps_from_agents_are_not_read(project: Project) -> None:
    described = await project.describe("AuditEntry")
    assert (described["source"], described["row_count"]) == ("live", 1)
    assert "its rows are kept from agents: Meta.ai_agent_exposed is False" in described["notes"]
    for request in ({}, {"count": True}, {"filters": {"text": "x"}}):
        with pytest.raises(QueryError, match="the rows of AuditEntry are kept from agents"):
            await project.query({"model": "AuditEntry", **request})  # type: ignore[typeddict-item]


@pytest.mark.parametrize(
    ("request_part", "message"),
    [
        ({"filters": {"titel": "x"}}, "Product has no field 'titel': did you mean 'title'"),
        ({"filters": {"title__contain": "x"}}, "did you mean 'contains'"),
        ({"filters": {"created_at__year": 2024}}, "unknown lookup 'year' on created_at"),
        ({"filters": {"extra__n": 1}}, "unknown lookup 'n' on extra"),
        ({"filters": {"owner__nam": "x"}}, "User has no field 'nam'"),
        ({"filters": {"tags": 1}}, "tags is a relation to Tag; filter by one of its fields, such as tags__name"),
        ({"filters": {"stock": "abc"}}, "stock expects a whole number, not 'abc'"),
        ({"filters": {"id": 5}}, "id expects a UUID, not 5"),
        ({"filters": {"owner": "ada"}}, "owner_id expects a UUID, not 'ada'"),
        ({"filters": {"status": "sold"}}, "status expects one of DRAFT, LIVE, GONE, not 'sold'"),
        ({"filters": {"status__contains": "o"}}, "works on text columns, status is Enum"),
        ({"filters": {"created_at__gt": "yesterday"}}, "created_at: 'yesterday' is not a date or time"),
        ({"filters": {"released": "31.12.2023"}}, "released expects a date"),
        ({"filters": {"price__contains": "1"}}, "price__contains works on text columns, price is Decimal"),
        ({"filters": {"extra": {"n": 1}}}, "extra is a JSON column: values cannot be compared"),
        ({"filters": {"stock__range": [1]}}, r"expects \[low, high\]"),
        ({"filters": {"stock__in": 3}}, "expects a list"),
        ({"filters": {"tags__isnull": "yes"}}, "tags__isnull expects true or false"),
        ({"fields": ["tags__name"]}, "tags__name leads to many rows: use it in filters, or query Tag itself"),
        ({"fields": ["tags"]}, "tags is a relation to Tag"),
        ({"order_by": ["-nope"]}, "Product has no field 'nope'"),
        ({"limit": 5000}, "limit is a whole number from 1 to 1000, not 5000"),
        ({"raw": "DELETE"}, "unknown query key 'raw'"),
        ({"aggregate": {"x": {"function": "sum", "field": "title"}}}, "sum works on numbers, title is String"),
        ({"aggregate": {"x": {"function": "max", "field": "extra"}}}, "max works on values with an order, extra is"),
        ({"aggregate": {"x; DROP": {"function": "count"}}}, "not a usable alias"),
        ({"group_by": ["status"], "order_by": ["title"]}, "a grouped query is ordered by its own columns"),
    ],
)
async def test_a_wrong_request_says_what_is_valid(
    project: Project, request_part: dict[str, object], message: str
) -> None:
    with pytest.raises(QueryError, match=message):
        await project.query({"model": "shop.Product", **request_part})  # type: ignore[typeddict-item]


async def test_a_number_too_large_for_its_column_matches_nothing(project: Project) -> None:
    assert (await project.query({"model": "shop.Product", "filters": {"stock": 99_999_999_999}}))["total"] == 0


async def test_findings_are_right_for_aksara(own_aksara: AksaraShop) -> None:
    path = own_aksara.root / "shop/models.py"
    aksara_shop.edit(path, ", default=Status.DRAFT", "")  # Aksara cannot write its migration
    follow = "class Follow(Model):\n    user = ForeignKey(User)\n    category = ForeignKey(Category)\n"
    path.write_text(f"{path.read_text()}\n{follow}")
    aksara_shop.migrate(own_aksara, "follow")
    (own_aksara.root / "shop/views.py").write_text(
        "from shop.models import Product\n\nasync def cheap():\n"
        "    return await Product.objects.filter(price__lt=5).order_by('-created_at').all()\n"
    )
    async with own_aksara.open() as project:
        found = {(item["rule"], item["issue"].split()[0]): item for item in await project.check()}
    missing = found[("foreign-key-without-index", "Product.owner")]
    assert missing["verified"]
    assert "Aksara's migrations make no index of db_index" in missing["fix"]
    assert "op.IndexOp(name='ix_products_owner_id', table='products', columns=['owner_id'])" in missing["fix"]
    used = {key: item["evidence"] for key, item in found.items() if key[0] == "ordered-or-filtered-without-index"}
    assert used == {
        ("ordered-or-filtered-without-index", "Product.price"): ["shop/views.py:4"],
        ("ordered-or-filtered-without-index", "Product.created_at"): ["shop/views.py:4"],
    }
    pairs = {name: item["fix"] for (rule, name), item in found.items() if rule == "association-without-unique"}
    rule = "op.AddConstraint(table='follows', name='uq_follows', constraint_sql='UNIQUE (user_id, category_id)')"
    assert pairs == {"Follow": f"add {rule} to a migration"}


async def test_an_edit_is_seen_by_the_next_describe(own_aksara: AksaraShop) -> None:
    async with own_aksara.open() as project:
        await project.describe("Review")
        aksara_shop.edit(own_aksara.root / "shop/models.py", "text = Text", "words = Text")
        described = await project.describe("Review")
        assert described["source"] == "live"
        assert "words" in [field["name"] for field in described["fields"]]


async def test_looking_at_a_project_leaves_no_files_in_it(project: Project, aksara_site: AksaraShop) -> None:
    before = {path: path.stat().st_mtime_ns for path in aksara_site.root.rglob("*")}
    await project.describe("shop.Product")
    await project.query({"model": "shop.Product"})
    await project.check()
    assert {path: path.stat().st_mtime_ns for path in aksara_site.root.rglob("*")} == before


async def test_a_query_is_plain_data_in_and_out(project: Project) -> None:
    text = "' OR 1=1; DELETE FROM products; --"
    page = await project.query({"model": "shop.Product", "filters": {"title": text}})
    assert (page["rows"], page["total"]) == ([], 0)
    assert "DELETE" not in page["statement"]
    assert (await project.query({"model": "shop.Product", "count": True}))["total"] == 16


async def test_fields_written_in_aksaras_other_ways_are_found_statically(write_files: WriteFiles) -> None:
    source = """
        import aksara
        from aksara import Model, fields as f
        from aksara.contrib.auth.models import AbstractUser
        from aksara.fields import JSON, ForeignKeyField, GenericForeignKey, ManyToMany, String
        from aksara.tenancy import TenantModel

        class Team(TenantModel):
            name = String(20, unique=True)
            data = JSON()

        class Person(AbstractUser):
            __tablename__ = "people"
            phone = f.String(max_length=20, nullable=True, ai_sensitive=True)
            team = ForeignKeyField("Team", column_name="team_ref")
            friends = ManyToMany("Team", related_name="members")

        class Note(aksara.Model):
            about = GenericForeignKey()
            text = aksara.fields.Text()
            LIMIT = int("3")
    """
    async with Project.open(write_files({"cms/models.py": source})) as project:
        listed = {model["name"]: model for model in await project.models()}
        always = ["id", "created_at", "updated_at"]
        assert listed["Team"]["fields"] == ["name", "data", "tenant_id", *always]
        assert listed["Person"]["table"] == "people"
        assert listed["Person"]["fields"][:3] == ["phone", "team", "email"]
        assert listed["Note"]["fields"] == ["content_type_id", "object_id", "text", *always]
        described = await project.describe("Person")
        fields = {field["name"]: field for field in described["fields"]}
        assert fields["phone"]["hidden"] and fields["hashed_password"]["hidden"]
        assert (fields["team"]["column"], fields["team"]["foreign_key"]) == ("team_ref", "Team")
        assert [item["name"] for item in described["relations"]] == ["friends"]


async def test_static_answers_agree_with_live_ones(own_aksara: AksaraShop) -> None:
    async with own_aksara.open() as project:
        live = {name: await project.describe(name) for name in ("Review", "shop.Product", "Profile", "archive.Product")}
        aksara_shop.edit(own_aksara.root / "settings.py", "configure(", "1 / 0\nconfigure(")
        for name, described in live.items():
            static = await project.describe(name)
            assert static["source"] == "static"
            assert static["table"] == described["table"]
            assert {field["name"] for field in static["fields"]} == {field["name"] for field in described["fields"]}
            for field in static["fields"]:
                known = next(item for item in described["fields"] if item["name"] == field["name"])
                for key in ("column", "nullable", "primary_key", "unique", "hidden", "line", "indexed"):
                    assert field[key] == known[key], (name, field["name"], key)  # type: ignore[literal-required]


async def test_a_folder_below_the_root_is_the_project(own_aksara: AksaraShop, tmp_path: Path) -> None:
    root = tmp_path / "monorepo"
    (root / "frontend").mkdir(parents=True)
    own_aksara.root.rename(root / "backend")
    async with Project.open(root, python=own_aksara.python) as project:
        described = await project.describe("Review")
    assert (described["source"], described["row_count"], described["notes"]) == ("live", 24, [])
