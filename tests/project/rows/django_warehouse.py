"""The warehouse as a Django project: the same tables, with Django's own ways to make writing hard."""

MANAGE = """
    import os
    import sys

    if __name__ == "__main__":
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)
"""
SETTINGS = """
    from pathlib import Path
    from urllib.parse import parse_qs, urlsplit

    from address import URL

    HERE = Path(__file__).resolve().parent
    SECRET_KEY = "only for tests"
    INSTALLED_APPS = ["goods"]
    DEBUG = False
    USE_TZ = False
    DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
    parts = urlsplit(URL)
    if parts.scheme == "sqlite":
        DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": HERE / parts.path[1:]}}
    else:
        DATABASES = {
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": parts.path[1:],
                "USER": parts.username,
                "HOST": parse_qs(parts.query)["host"][0],
            }
        }
"""
MODELS = """
    import uuid
    from datetime import datetime

    from django.core.exceptions import ValidationError
    from django.db import models

    def not_cursed(value):
        if value == "cursed":
            raise ValidationError("no cursed items")

    class Shelf(models.Model):
        name = models.CharField(max_length=10, unique=True)
        parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="children")

        class Meta:
            db_table = "shelves"

    class Supplier(models.Model):
        id = models.UUIDField(primary_key=True, default=uuid.uuid4)
        name = models.CharField(max_length=50)
        api_key = models.CharField(max_length=50, null=True)

        class Meta:
            db_table = "suppliers"

    class Contract(models.Model):
        supplier = models.ForeignKey(Supplier, models.CASCADE)
        signed = models.DateField()

        class Meta:
            db_table = "contracts"

    class Item(models.Model):
        name = models.CharField(max_length=20, validators=[not_cursed])
        kind = models.CharField(max_length=10, choices=[("raw", "Raw"), ("done", "Done")], default="raw")
        price = models.DecimalField(max_digits=10, decimal_places=2, null=True)
        extra = models.JSONField(null=True)
        photo = models.BinaryField(null=True)
        shelf = models.ForeignKey(Shelf, models.SET_NULL, null=True, related_name="items")
        supplier = models.ForeignKey(Supplier, models.PROTECT, null=True)
        seen_at = models.DateTimeField(null=True)
        changed_at = models.DateTimeField(null=True)

        class Meta:
            db_table = "items"

        def save(self, *args, **kwargs):
            if not self._state.adding:
                self.changed_at = datetime(2030, 1, 1)
            super().save(*args, **kwargs)

    class Stock(models.Model):
        pk = models.CompositePrimaryKey("item_id", "day")
        item = models.ForeignKey(Item, models.CASCADE)
        day = models.DateField()
        amount = models.IntegerField()

        class Meta:
            db_table = "stock"

    class Vehicle(models.Model):
        wheels = models.IntegerField()
        type = models.CharField(max_length=20, default="truck")

        class Meta:
            db_table = "vehicles"

    class Truck(Vehicle):
        vehicle = models.OneToOneField(Vehicle, models.CASCADE, parent_link=True, primary_key=True, db_column="id")
        load = models.IntegerField()

        class Meta:
            db_table = "trucks"

    class Login(models.Model):
        name = models.CharField(max_length=20)
        password = models.CharField(max_length=20)

        class Meta:
            db_table = "logins"
"""
FILL = """
    import os
    import uuid
    from datetime import date
    from decimal import Decimal

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.core.management.color import no_style
    from django.db import connection
    from goods import models
    from goods.models import *

    call_command("migrate", run_syncdb=True, verbosity=0)
    for number, name, parent in [(1, "A", None), (2, "B", None), (3, "A1", 1), (4, "Z", None), (5, "A1a", 3)]:
        Shelf.objects.create(id=number, name=name, parent_id=parent)
    one = Supplier.objects.create(id=uuid.UUID(int=1), name="One", api_key="hunter2")
    two = Supplier.objects.create(id=uuid.UUID(int=2), name="Two")
    for number in (1, 2):
        Contract.objects.create(id=number, supplier=two, signed=date(2024, 1, number))
    Item.objects.create(
        id=1, name="nut", price=Decimal("1.50"), shelf_id=2, supplier=one, photo=b"\\x00\\xff"
    )
    Item.objects.create(id=2, name="bolt", kind="done", extra={"a": [1, None]}, shelf_id=2)
    Item.objects.create(id=3, name="gear")
    for item in (1, 2):
        for day in (1, 2):
            Stock.objects.create(item_id=item, day=date(2024, 1, day), amount=item * day)
    Vehicle.objects.create(id=1, wheels=2, type="vehicle")
    Truck.objects.create(id=2, wheels=6, load=9)
    Login.objects.create(id=1, name="ada", password="hunter2")
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Shelf, Item, Contract, Vehicle, Login]):
            cursor.execute(statement)
"""
DJANGO_FILES = {
    "manage.py": MANAGE,
    "settings.py": SETTINGS,
    "goods/__init__.py": "",
    "goods/models.py": MODELS,
    "fill.py": FILL,
}
