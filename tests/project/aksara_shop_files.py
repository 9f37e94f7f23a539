"""The source files of a little Aksara shop: the Django shop's models again, two with one name, secrets, NULLs."""

SETTINGS = """
    from aksara.conf import configure

    configure(
        database_url="{database_url}",
        migrations_dir="migrations",
        installed_apps=["aksara.contrib.auth", "accounts", "shop", "archive"],
    )
    AKSARA = {"AI_AGENT_RUNTIME": {"max_iterations": 5}}
"""
ACCOUNTS = """
    from aksara import Model, fields

    class User(Model):
        username = fields.String(max_length=150, unique=True)
        nickname = fields.String(max_length=40, nullable=True)
        email = fields.Email(nullable=True, ai_sensitive=True)
        password = fields.String(default="hash")
        api_token = fields.String(max_length=40, default="")
        points = fields.Integer(nullable=True)

    class Profile(Model):
        user = fields.OneToOne(User, related_name="profile")
        city = fields.String(max_length=40, nullable=True)

    class AuditEntry(Model):
        text = fields.Text()

        class Meta:
            table_name = "audit_log"
            ai_agent_exposed = False
"""
SHOP_MODELS = """
    import datetime as dt
    import enum

    from accounts.models import User
    from aksara import Model, fields
    from aksara.fields import SET_NULL, ForeignKey, Text

    class Stamped(Model):
        __abstract__ = True
        created_at = fields.DateTime(default=lambda: dt.datetime.now(dt.timezone.utc))

    class Category(Model):
        name = fields.String(max_length=40)
        parent = ForeignKey("Category", on_delete=SET_NULL, nullable=True, related_name="children")

    class Tag(Model):
        name = fields.String(max_length=40, unique=True)

    class Status(enum.Enum):
        DRAFT = "draft"
        LIVE = "live"
        GONE = "gone"

    class Product(Stamped):
        slug = fields.Slug(unique=True)
        title = fields.String(max_length=80, db_index=True)
        subtitle = fields.String(max_length=80, nullable=True)
        price = fields.Decimal(max_digits=10, decimal_places=2, nullable=True)
        stock = fields.SmallInteger(default=0)
        rating = fields.Float(nullable=True)
        featured = fields.Boolean(default=False)
        released = fields.Date(nullable=True)
        status = fields.Enum(Status, default=Status.DRAFT)
        size = fields.String(max_length=8, choices=[("s", "Small"), ("l", "Large")], default="s")
        extra = fields.JSON(default=dict)
        category = ForeignKey(Category, on_delete=SET_NULL, nullable=True, related_name="products")
        owner = ForeignKey(User, related_name="products")
        tags = fields.ManyToMany("Tag", related_name="products")

    class Review(Stamped):
        product = ForeignKey(Product, related_name="reviews")
        author = ForeignKey(User, on_delete=SET_NULL, nullable=True, related_name="review")
        stars = fields.PositiveSmallInteger(nullable=True)
        text = Text(default="")
"""
ARCHIVE = """
    from aksara import Model, fields
    from aksara.contrib.soft_delete import SoftDeleteModel

    class Product(SoftDeleteModel, Model):
        title = fields.String(max_length=80)

        class Meta:
            table_name = "old_products"
"""
AKSARA_SHOP = {
    "settings.py": SETTINGS,
    "accounts/__init__.py": "",
    "accounts/models.py": ACCOUNTS,
    "shop/__init__.py": "",
    "shop/models.py": SHOP_MODELS,
    "archive/__init__.py": "",
    "archive/models.py": ARCHIVE,
    "app/__init__.py": "",
    "app/models.py": "import accounts.models\nimport archive.models\nimport shop.models\n",
}
# Written against the models as a developer would: the rows of the Django shop, under the same slugs.
SEED = """
    import asyncio
    import datetime as dt
    import itertools
    import uuid

    import settings
    from accounts.models import AuditEntry, Profile, User
    from aksara import Database
    from aksara.conf import settings as configured
    from archive.models import Product as OldProduct
    from shop.models import Category, Product, Review, Status, Tag

    start = dt.datetime(2024, 1, 1, 10, 30, 15, 250001, tzinfo=dt.timezone.utc)
    people = [("ada", "Countess", 10), ("bob", None, None), ("cyd", "", 0), ("dan", "d_n%", -5), ("eve", None, 10)]
    titles = ["Alpha", "alphabet", "100% wool", "1000 wools", "a_b", "aXb", "Äpfel", "äpfel", "back\\\\slash", "ZETA",
              "zeta's", "[brackets]", "star*", "what?", "Ünïcode ☃", "plain"]

    async def seed():
        database = Database(configured.database_url, min_size=1, max_size=2)
        await database.connect()
        # Aksara's migrations do not make the tables of many-to-many fields.
        await database.execute(Product._m2m_fields["tags"].get_join_table_sql())
        users = [
            await User.objects.create(username=name, nickname=nickname, points=points, email=f"{name}@example.org")
            for name, nickname, points in people
        ]
        for user, city in [(users[0], "London"), (users[1], None), (users[3], "Köln")]:
            await Profile.objects.create(user=user, city=city)
        books = await Category.objects.create(name="Books")
        novels = await Category.objects.create(name="Novels", parent=books)
        toys = await Category.objects.create(name="Toys")
        await Category.objects.create(name="Empty", parent=toys)
        tags = [await Tag.objects.create(name=name) for name in ("new", "sale", "100%", "rare")]
        prices = itertools.cycle([None, "1.50", "2.50", "10.00", "10.00", "99.99", "-1.00"])
        categories = itertools.cycle([books, novels, None, toys, novels])
        owners = itertools.cycle(users[:4])
        released = itertools.cycle([None, dt.date(2023, 12, 31), dt.date(2024, 1, 1), dt.date(2024, 2, 29)])
        ratings = itertools.cycle([None, 0.0, 4.5, 5.0, 4.5])
        for number, title in enumerate(titles):
            product = await Product.objects.create(
                id=uuid.UUID(int=number * 7 + 1),
                slug=f"p{number:02}", title=title, subtitle=[None, "", title.upper()][number % 3], price=next(prices),
                stock=number % 4, rating=next(ratings), featured=number % 5 == 0, released=next(released),
                status=[Status.DRAFT, Status.LIVE, Status.LIVE, Status.GONE][number % 4], extra={"n": number},
                category=next(categories), owner=next(owners), created_at=start + dt.timedelta(days=40 * number),
            )
            chosen = [tag for bit, tag in enumerate(tags) if number >> bit & 1]
            if chosen:
                await product.tags.add(*chosen)
            for stars in range(number % 4):
                await Review.objects.create(
                    product=product, author=[users[0], None, users[2]][(number + stars) % 3],
                    stars=[5, None, 1, 3][(number + stars) % 4], text=["great", "100% bad", ""][stars],
                    created_at=start + dt.timedelta(days=stars),
                )
        await OldProduct.objects.create(title="kept")
        await (await OldProduct.objects.create(title="deleted")).delete()
        await AuditEntry.objects.create(text="only for people")
        await database.disconnect()

    asyncio.run(seed())
"""
