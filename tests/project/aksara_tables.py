"""The tables of the Aksara shop as a SQLAlchemy project sees them: those of the Django shop with other names."""

from django_shop_tables import MODELS

NAMES = {
    "accounts_user": "users",
    "accounts_profile": "profiles",
    "shop_category": "categories",
    "shop_tag": "tags",
    "shop_review": "reviews",
    "shop_product_tags": "products_tags",
    "shop_product": "products",
    "sqlite:///{database}": "{database}",
    "id: Mapped[int] = mapped_column(primary_key=True)": "id: Mapped[uuid.UUID] = mapped_column(primary_key=True)",
    "_id: Mapped[int | None]": "_id: Mapped[uuid.UUID | None]",
    "_id: Mapped[int]": "_id: Mapped[uuid.UUID]",
    "mapped_column(DateTime)": "mapped_column(DateTime(timezone=True))",
}


def tables(url: str) -> str:
    """The source of models.py."""
    text = MODELS
    for old, new in NAMES.items():
        text = text.replace(old, new)
    return text.replace("{database}", url.replace("postgresql://", "postgresql+psycopg://"))
