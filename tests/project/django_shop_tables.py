"""The tables of the Django shop as a SQLAlchemy project sees them."""

MODELS = """
    import datetime as dt
    import decimal
    import uuid

    from sqlalchemy import Column, Date, DateTime, Float, ForeignKey, Numeric, String, Table, Text, Uuid, create_engine
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

    engine = create_engine("sqlite:///{database}")

    class Base(DeclarativeBase):
        pass

    product_tags = Table(
        "shop_product_tags", Base.metadata,
        Column("product_id", ForeignKey("shop_product.id"), primary_key=True),
        Column("tag_id", ForeignKey("shop_tag.id"), primary_key=True),
    )

    class User(Base):
        __tablename__ = "accounts_user"
        id: Mapped[int] = mapped_column(primary_key=True)
        username: Mapped[str] = mapped_column(String(150))
        nickname: Mapped[str | None] = mapped_column(String(40))
        points: Mapped[int | None]
        profile: Mapped["Profile | None"] = relationship(back_populates="user")
        products: Mapped[list["Product"]] = relationship(back_populates="owner")
        review: Mapped[list["Review"]] = relationship(back_populates="author")

    class Profile(Base):
        __tablename__ = "accounts_profile"
        id: Mapped[int] = mapped_column(primary_key=True)
        city: Mapped[str | None] = mapped_column(String(40))
        user_id: Mapped[int] = mapped_column(ForeignKey("accounts_user.id"), unique=True)
        user: Mapped[User] = relationship(back_populates="profile")

    class Category(Base):
        __tablename__ = "shop_category"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(String(40))
        parent_id: Mapped[int | None] = mapped_column(ForeignKey("shop_category.id"))
        parent: Mapped["Category | None"] = relationship(back_populates="children", remote_side=[id])
        children: Mapped[list["Category"]] = relationship(back_populates="parent")
        products: Mapped[list["Product"]] = relationship(back_populates="category")

    class Tag(Base):
        __tablename__ = "shop_tag"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(String(40), unique=True)
        products: Mapped[list["Product"]] = relationship(back_populates="tags", secondary=product_tags)

    class Product(Base):
        __tablename__ = "shop_product"
        id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
        slug: Mapped[str] = mapped_column(String(50), unique=True)
        title: Mapped[str] = mapped_column(String(80))
        subtitle: Mapped[str | None] = mapped_column(String(80))
        price: Mapped[decimal.Decimal | None] = mapped_column(Numeric(10, 2))
        stock: Mapped[int]
        rating: Mapped[float | None] = mapped_column(Float)
        featured: Mapped[bool]
        released: Mapped[dt.date | None] = mapped_column(Date)
        status: Mapped[str] = mapped_column(String(8))
        created_at: Mapped[dt.datetime] = mapped_column(DateTime)
        category_id: Mapped[int | None] = mapped_column(ForeignKey("shop_category.id"))
        owner_id: Mapped[int] = mapped_column(ForeignKey("accounts_user.id"))
        category: Mapped[Category | None] = relationship(back_populates="products")
        owner: Mapped[User] = relationship(back_populates="products")
        tags: Mapped[list[Tag]] = relationship(back_populates="products", secondary=product_tags)
        reviews: Mapped[list["Review"]] = relationship(back_populates="product")

    class Review(Base):
        __tablename__ = "shop_review"
        id: Mapped[int] = mapped_column(primary_key=True)
        stars: Mapped[int | None]
        text: Mapped[str] = mapped_column(Text)
        created_at: Mapped[dt.datetime] = mapped_column(DateTime)
        product_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("shop_product.id"))
        author_id: Mapped[int | None] = mapped_column(ForeignKey("accounts_user.id"))
        product: Mapped[Product] = relationship(back_populates="reviews")
        author: Mapped[User | None] = relationship(back_populates="review")
"""
