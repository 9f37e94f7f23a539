"""Whatever a model invents as a filter: it compiles with bound values only, or is refused cleanly."""

import datetime as dt
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import ForeignKey, Numeric, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from aksara_agent.project.worker.failures import RequestError
from aksara_agent.project.worker.filters import FilterCompiler
from aksara_agent.project.worker.lookup_names import LOOKUPS


class Base(DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "authors"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None]
    secret: Mapped[str]
    books: Mapped[list["Book"]] = relationship(back_populates="author")


class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    price: Mapped[float | None] = mapped_column(Numeric(10, 2))
    sold: Mapped[bool]
    printed: Mapped[dt.datetime | None]
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"))
    author: Mapped[Author] = relationship(back_populates="books")


MARK = "zz'mark\"zz"
PATHS = [
    "id",
    "title",
    "price",
    "sold",
    "printed",
    "author__name",
    "author__books__title",
    "author__secret",
    "nope",
    "",
]
KEYS = st.one_of(
    st.builds(lambda path, lookup: f"{path}__{lookup}", st.sampled_from(PATHS), st.sampled_from(LOOKUPS)),
    st.sampled_from([*PATHS, "author", "author__isnull"]),
    st.text(max_size=12),
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.just(MARK),
    st.sampled_from(["now-90d", "today", "2026-01-01", "now-999999w", "now+999999w", "0001-01-01T00:00:00+14:00"]),
)
VALUES = st.one_of(SCALARS, st.lists(SCALARS, max_size=3), st.dictionaries(st.text(max_size=3), SCALARS, max_size=2))
FILTERS = st.recursive(
    st.dictionaries(KEYS, VALUES, max_size=3),
    lambda inner: st.one_of(
        st.builds(lambda items: {"or": items}, st.lists(inner, max_size=3)),
        st.builds(lambda items: {"and": items}, st.lists(inner, max_size=3)),
        st.builds(lambda item: {"not": item}, inner),
    ),
    max_leaves=8,
)


@settings(max_examples=400, deadline=None)
@given(FILTERS, st.sampled_from(["sqlite", "postgresql"]))
def test_a_filter_compiles_with_bound_values_or_is_refused(filters: Any, dialect: str) -> None:
    try:
        condition = FilterCompiler(dialect).compile(Book, Book, filters)
    except RequestError as error:
        assert str(error)
        return
    sql = str(select(Book.id).where(condition).compile(compile_kwargs={"render_postcompile": True}))
    assert "mark" not in sql
    assert "authors.secret" not in sql


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([name for name in LOOKUPS if name.endswith(("contains", "with", "exact"))]), st.text())
def test_no_text_value_ever_becomes_sql(lookup: str, text: str) -> None:
    value = MARK + text
    try:
        condition = FilterCompiler("sqlite").compile(Book, Book, {f"title__{lookup}": value})
    except RequestError:
        return  # a lone surrogate or NUL
    assert "mark" not in str(condition.compile())


@given(st.integers(min_value=9, max_value=60))
def test_nesting_is_bounded(depth: int) -> None:
    filters: dict[str, Any] = {"id": 1}
    for _ in range(depth):
        filters = {"not": filters}
    try:
        FilterCompiler("sqlite").compile(Book, Book, filters)
    except RequestError as error:
        assert "nested deeper" in str(error)
    else:
        raise AssertionError(depth)
