"""A project with the kinds of tables that make writing hard, and what tests do with it."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Engine, create_engine, text

from aksara_agent.project import Project

MODELS = """
    import enum, uuid
    from datetime import date, datetime
    from decimal import Decimal
    from typing import Any
    from sqlalchemy import JSON, Column, Enum, ForeignKey, LargeBinary, Numeric, String, Table, UniqueConstraint, Uuid
    from sqlalchemy import create_engine, event
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, validates
    from address import URL

    engine = create_engine(URL)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys = ON"))

    class Base(DeclarativeBase):
        pass

    class Kind(enum.Enum):
        RAW = "raw"
        DONE = "done"

    class Shelf(Base):
        __tablename__ = "shelves"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(String(10), unique=True)
        parent_id: Mapped[int | None] = mapped_column(ForeignKey("shelves.id", ondelete="CASCADE"))
        items: Mapped[list["Item"]] = relationship(back_populates="shelf")

    class Supplier(Base):
        __tablename__ = "suppliers"
        id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=uuid.uuid4)
        name: Mapped[str] = mapped_column(String(50))
        api_key: Mapped[str | None] = mapped_column(String(50))
        contracts: Mapped[list["Contract"]] = relationship(cascade="all, delete-orphan")

    class Contract(Base):
        __tablename__ = "contracts"
        id: Mapped[int] = mapped_column(primary_key=True)
        supplier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("suppliers.id"))
        signed: Mapped[date]

    class Item(Base):
        __tablename__ = "items"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(String(20))
        kind: Mapped[Kind] = mapped_column(Enum(Kind), default=Kind.RAW)
        price: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
        extra: Mapped[dict[str, Any] | None] = mapped_column(JSON)
        photo: Mapped[bytes | None] = mapped_column(LargeBinary)
        shelf_id: Mapped[int | None] = mapped_column(ForeignKey("shelves.id"))
        supplier_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("suppliers.id"))
        seen_at: Mapped[datetime | None]
        changed_at: Mapped[datetime | None] = mapped_column(onupdate=lambda: datetime(2030, 1, 1))
        shelf: Mapped["Shelf | None"] = relationship(back_populates="items")

        @validates("name")
        def not_cursed(self, key, value):
            if value == "cursed":
                raise ValueError("no cursed items")
            return value

    class Stock(Base):
        __tablename__ = "stock"
        item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
        day: Mapped[date] = mapped_column(primary_key=True)
        amount: Mapped[int]

    class Vehicle(Base):
        __tablename__ = "vehicles"
        id: Mapped[int] = mapped_column(primary_key=True)
        wheels: Mapped[int]
        type: Mapped[str] = mapped_column(String(20))
        __mapper_args__ = {"polymorphic_on": "type", "polymorphic_identity": "vehicle"}

    class Truck(Vehicle):
        __tablename__ = "trucks"
        id: Mapped[int] = mapped_column(ForeignKey("vehicles.id"), primary_key=True)
        load: Mapped[int]
        __mapper_args__ = {"polymorphic_identity": "truck"}

    class Note(Base):
        __table__ = Table("notes", Base.metadata, Column("text", String(50)), Column("number", String(5)))
        __mapper_args__ = {"primary_key": [__table__.c.text]}

    class Login(Base):
        __tablename__ = "logins"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(String(20))
        password: Mapped[str] = mapped_column(String(20))
"""
FILL = """
    import uuid
    from datetime import date
    from decimal import Decimal
    from sqlalchemy.orm import Session
    from models import *

    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all([Shelf(id=1, name="A"), Shelf(id=2, name="B")])
        session.flush()
        session.add_all([Shelf(id=3, name="A1", parent_id=1), Shelf(id=4, name="Z")])
        session.flush()
        session.add(Shelf(id=5, name="A1a", parent_id=3))
        one, two = uuid.UUID(int=1), uuid.UUID(int=2)
        session.add_all([Supplier(id=one, name="One", api_key="hunter2"), Supplier(id=two, name="Two")])
        session.flush()
        session.add_all([Contract(id=n, supplier_id=two, signed=date(2024, 1, n)) for n in (1, 2)])
        session.add_all([
            Item(id=1, name="nut", price=Decimal("1.50"), shelf_id=2, supplier_id=one, photo=b"\\x00\\xff"),
            Item(id=2, name="bolt", kind=Kind.DONE, extra={"a": [1, None]}, shelf_id=2),
            Item(id=3, name="gear"),
        ])
        session.flush()
        session.add_all([Stock(item_id=i, day=date(2024, 1, d), amount=i * d) for i in (1, 2) for d in (1, 2)])
        session.add_all([Vehicle(id=1, wheels=2), Truck(id=2, wheels=6, load=9), Note(text="t", number="1")])
        session.add(Login(id=1, name="ada", password="hunter2"))
        session.commit()
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            for table in ("shelves", "items", "contracts", "vehicles", "logins"):
                connection.exec_driver_sql(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
                )
"""
FILES = {"models.py": MODELS, "fill.py": FILL}
TABLES = ("shelves", "suppliers", "contracts", "items", "stock", "vehicles", "trucks", "notes", "logins")


class Warehouse:
    """The project with short ways to change its rows and to look at them behind its back."""

    def __init__(self, project: Project) -> None:
        self.project, self.calls = project, 0

    def call(self) -> Any:
        self.calls += 1
        return {"run_id": "run", "call_id": f"call-{self.calls}"}

    async def plan(self, model: str, action: str, **change: Any) -> dict[str, Any]:
        return cast(
            dict[str, Any], await self.project.rows.plan(cast(Any, {"model": model, "action": action, **change}))
        )

    async def apply(self, model: str, action: str, expected: str | None = None, **change: Any) -> dict[str, Any]:
        request = cast(Any, {"model": model, "action": action, **change})
        return await self.project.rows.apply(request, self.call(), expected=expected)

    def engine(self) -> Engine:
        folder = self.project.root
        namespace: dict[str, Any] = {}
        exec((folder / "address.py").read_text(), namespace)
        return create_engine(namespace["URL"].replace("sqlite:///", f"sqlite:///{folder}/"))

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        engine = self.engine()
        try:
            with engine.begin() as connection:
                result = connection.execute(text(statement))
                return [tuple(row) for row in result] if result.returns_rows else []
        finally:
            engine.dispose()

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """All rows of all tables."""
        return {table: sorted(self.sql(f"SELECT * FROM {table}"), key=repr) for table in TABLES}
