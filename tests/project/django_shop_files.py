"""The source files of a little Django shop: ambiguous names, every kind of relation, choices, a proxy, NULLs."""

MANAGE = """
    import os
    import sys

    if __name__ == "__main__":
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)
"""
SETTINGS = """
    from pathlib import Path

    BASE_DIR = Path(__file__).resolve().parent.parent
    SECRET_KEY = "only for tests"
    INSTALLED_APPS = [
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "accounts",
        "shop.apps.ShopConfig",
        "archive",
    ]
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "shop.sqlite3"}}
    AUTH_USER_MODEL = "accounts.User"
    DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
    USE_TZ = True
    TIME_ZONE = "UTC"
    LOGGING = {
        "version": 1,
        "handlers": {"file": {"class": "logging.FileHandler", "filename": BASE_DIR / "debug.log"}},
        "root": {"handlers": ["file"]},
    }
"""
ACCOUNTS = """
    from django.contrib.auth.models import AbstractUser
    from django.db import models

    class User(AbstractUser):
        nickname = models.CharField(max_length=40, null=True, blank=True)
        api_token = models.CharField(max_length=40, default="")
        points = models.IntegerField(null=True)

    class Profile(models.Model):
        user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="profile")
        city = models.CharField("the city", max_length=40, null=True)
"""
SHOP_MODELS = """
    import uuid

    from django.conf import settings
    from django.db import models
    from django.utils import timezone

    class Stamped(models.Model):
        created_at = models.DateTimeField(default=timezone.now)

        class Meta:
            abstract = True

    class Category(models.Model):
        name = models.CharField(max_length=40)
        parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="children")

    class Tag(models.Model):
        name = models.CharField(max_length=40, unique=True)

    class Product(Stamped):
        class Status(models.TextChoices):
            DRAFT = "draft", "In preparation"
            LIVE = "live", "For sale"
            GONE = "gone", "Sold out"

        id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
        slug = models.SlugField(unique=True)
        title = models.CharField(max_length=80)
        subtitle = models.CharField(max_length=80, null=True)
        price = models.DecimalField(max_digits=10, decimal_places=2, null=True)
        stock = models.IntegerField(default=0)
        rating = models.FloatField(null=True)
        featured = models.BooleanField(default=False)
        released = models.DateField(null=True)
        status = models.CharField(max_length=8, choices=Status.choices, default=Status.DRAFT)
        extra = models.JSONField(default=dict)
        category = models.ForeignKey(Category, models.SET_NULL, null=True, related_name="products")
        owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="products")
        tags = models.ManyToManyField(Tag, related_name="products")

        class Meta:
            ordering = ["-title"]
            indexes = [models.Index(fields=["status", "-released"], name="product_status_released")]
            constraints = [
                models.UniqueConstraint(fields=["owner", "title"], name="one_title_for_an_owner"),
                models.UniqueConstraint(
                    fields=["title"], condition=models.Q(featured=True), name="one_featured_title"
                ),
            ]

    class SoldOutProduct(Product):
        class Meta:
            proxy = True

    class Review(Stamped):
        product = models.ForeignKey(Product, models.CASCADE, related_name="reviews")
        author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)
        stars = models.PositiveSmallIntegerField(null=True)
        text = models.TextField(blank=True)
"""
ARCHIVE = """
    from django.db import models

    class LiveRows(models.Manager):
        def get_queryset(self):
            return super().get_queryset().filter(deleted=False)

    class Product(models.Model):
        title = models.CharField(max_length=80)
        deleted = models.BooleanField(default=False)
        objects = LiveRows()

        class Meta:
            db_table = "old_products"
"""
APPS = """
    from django.apps import AppConfig

    class ShopConfig(AppConfig):
        name = "shop"
"""
DJANGO_SHOP = {
    "manage.py": MANAGE,
    "mysite/__init__.py": "",
    "mysite/settings.py": SETTINGS,
    "accounts/__init__.py": "",
    "accounts/models.py": ACCOUNTS,
    "shop/__init__.py": "",
    "shop/apps.py": APPS,
    "shop/models.py": SHOP_MODELS,
    "archive/__init__.py": "",
    "archive/models.py": ARCHIVE,
}
# Written against the models as a developer would; every value and NULL is there on purpose.
SEED = """
    import datetime as dt
    import itertools
    import os
    import uuid

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")
    import django

    django.setup()
    from accounts.models import Profile, User
    from archive.models import Product as OldProduct
    from shop.models import Category, Product, Review, Tag

    start = dt.datetime(2024, 1, 1, 10, 30, 15, 250001, tzinfo=dt.timezone.utc)
    users = [
        User.objects.create(username=name, nickname=nickname, points=points, password="hash", date_joined=start)
        for name, nickname, points in [
            ("ada", "Countess", 10), ("bob", None, None), ("cyd", "", 0), ("dan", "d_n%", -5), ("eve", None, 10)
        ]
    ]
    Profile.objects.create(user=users[0], city="London")
    Profile.objects.create(user=users[1], city=None)
    Profile.objects.create(user=users[3], city="Köln")
    books = Category.objects.create(name="Books")
    novels = Category.objects.create(name="Novels", parent=books)
    toys = Category.objects.create(name="Toys")
    Category.objects.create(name="Empty", parent=toys)
    tags = [Tag.objects.create(name=name) for name in ("new", "sale", "100%", "rare")]
    titles = ["Alpha", "alphabet", "100% wool", "1000 wools", "a_b", "aXb", "Äpfel", "äpfel", "back\\\\slash", "ZETA",
              "zeta's", "[brackets]", "star*", "what?", "Ünïcode ☃", "plain"]
    prices = itertools.cycle([None, "1.50", "2.50", "10.00", "10.00", "99.99", "-1.00"])
    categories = itertools.cycle([books, novels, None, toys, novels])
    owners = itertools.cycle(users[:4])
    released = itertools.cycle([None, dt.date(2023, 12, 31), dt.date(2024, 1, 1), dt.date(2024, 2, 29)])
    ratings = itertools.cycle([None, 0.0, 4.5, 5.0, 4.5])
    for number, title in enumerate(titles):
        product = Product.objects.create(
            id=uuid.UUID(int=number * 7 + 1),
            slug=f"p{number:02}", title=title, subtitle=[None, "", title.upper()][number % 3], price=next(prices),
            stock=number % 4, rating=next(ratings), featured=number % 5 == 0, released=next(released),
            status=["draft", "live", "live", "gone"][number % 4], extra={"n": number}, category=next(categories),
            owner=next(owners), created_at=start + dt.timedelta(days=40 * number),
        )
        product.tags.set([tag for bit, tag in enumerate(tags) if number >> bit & 1])
        for stars in range(number % 4):
            Review.objects.create(
                product=product, author=[users[0], None, users[2]][(number + stars) % 3],
                stars=[5, None, 1, 3][(number + stars) % 4], text=["great", "100% bad", ""][stars],
                created_at=start + dt.timedelta(days=stars),
            )
    OldProduct.objects.create(title="kept")
    OldProduct.objects.create(title="deleted", deleted=True)
"""
