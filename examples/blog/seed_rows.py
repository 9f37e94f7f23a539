"""The made-up rows of the demo database: the same seed gives the same rows."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

Row = dict[str, Any]

FIRST_NAMES = (
    "Ada Amir Bea Chidi Dina Emeka Finn Greta Hana Ivo Jana Kofi Lena Mei Nils Olga Pia Ravi Sana Tomas"
).split()
LAST_NAMES = (
    "Abbas Berg Costa Diaz Endo Fischer Gupta Haas Ito Jansen Kim Lopez Maier Novak Okafor Silva"
).split()
TAGS = (
    "api async backend caching containers css databases debugging deployment design docs frontend git "
    "http indexing linux logging migrations networks performance python queues refactoring releases "
    "security sql teams testing tools typing"
).split()
CATEGORIES = {
    "Engineering": ["Backends", "Frontends", "Databases", "Operations"],
    "People": ["Hiring", "Teams"],
    "Product": ["Design", "Releases"],
    "Notes": [],
}
SUBJECTS = (
    "migrations indexes queues sessions caches tests reviews deployments logs schemas queries releases"
).split()
TITLES = [
    "What we learned about {0}",
    "A short guide to {0} and {1}",
    "Why our {0} were slow",
    "{0} without tears",
    "Moving {0} to production",
    "Ten years of {0}",
    "How {0} depend on {1}",
    "Against clever {0}",
]
WORDS = (
    "the a one every our small large slow quick quiet service table row request user team index query plan "
    "change test release failure answer reads writes waits grows returns breaks holds needs shows with "
    "without before after because until while and but then again only often never twice"
).split()

INACTIVE_DAYS = 90
DUPLICATE_SHARE = 50  # one user in fifty registered twice
UNUSABLE_HASH = "!"  # fits no password, see security.verify_password


@dataclass
class BlogRows:
    """All rows by table, each with its primary key."""

    users: list[Row] = field(default_factory=list)
    categories: list[Row] = field(default_factory=list)
    tags: list[Row] = field(default_factory=list)
    posts: list[Row] = field(default_factory=list)
    post_tags: list[Row] = field(default_factory=list)
    comments: list[Row] = field(default_factory=list)


def build_rows(users: int, posts: int, comments: int, now: datetime, seed: int = 2026) -> BlogRows:
    """Rows of a blog with this many users, posts and comments, whose dates all lie before `now`."""
    random = Random(seed)  # noqa: S311 (made-up rows need no secret randomness)
    rows = BlogRows(tags=[{"id": i, "name": name} for i, name in enumerate(TAGS, 1)])
    rows.categories = build_categories()
    rows.users = build_users(users, now, random)
    authors = [user for user in rows.users if user["last_login"]]
    rows.posts = [
        build_post(i, random.choice(authors), len(rows.categories), random) for i in range(1, posts + 1)
    ]
    for post in rows.posts:
        for tag in sorted(random.sample(range(1, len(TAGS) + 1), random.randint(0, 3))):
            rows.post_tags.append({"post_id": post["id"], "tag_id": tag})
    by_id = {user["id"]: user for user in rows.users}
    for i in range(1, comments + 1):
        post = random.choice(rows.posts)
        rows.comments.append(build_comment(i, post, random.choice(authors), by_id[post["author_id"]], random))
    return rows


def build_categories() -> list[Row]:
    """The sections of the blog, each followed by the sections inside it."""
    rows: list[Row] = []
    for parent, children in CATEGORIES.items():
        parent_id = len(rows) + 1
        rows.append({"id": parent_id, "name": parent, "parent_id": None})
        for child in children:
            rows.append({"id": len(rows) + 1, "name": child, "parent_id": parent_id})
    return rows


def build_users(count: int, now: datetime, random: Random) -> list[Row]:
    """Users of whom the last ones are duplicates: an earlier user whose address is written in capitals.

    By position, one user in ten never logged in and two in ten not within INACTIVE_DAYS.
    """
    originals = count - max(1, count // DUPLICATE_SHARE)
    rows: list[Row] = []
    for i in range(count):
        if i < originals:
            first, last = random.choice(FIRST_NAMES), random.choice(LAST_NAMES)
            name, email = f"{first} {last}", f"{first}.{last}.{i + 1}@example.org".lower()
        else:
            twin = rows[(i - originals) * DUPLICATE_SHARE // 2]
            name, email = twin["name"], twin["email"].title()
        last_login = build_last_login(i, now, random)
        rows.append(
            {
                "id": i + 1,
                "email": email,
                "name": name,
                "is_active": random.random() < 0.95,
                "password_hash": UNUSABLE_HASH,
                "created_at": (last_login or now) - timedelta(days=random.uniform(1, 700)),
                "last_login": last_login,
            }
        )
    return rows


def build_last_login(position: int, now: datetime, random: Random) -> datetime | None:
    """When the user at this position was last seen; far enough from the limit to stay true for a month."""
    if position % 10 == 0:
        return None
    if position % 10 in (3, 7):
        return now - timedelta(days=random.uniform(INACTIVE_DAYS + 10, 720))
    return now - timedelta(days=random.uniform(0, INACTIVE_DAYS - 31))


def build_post(number: int, author: Row, categories: int, random: Random) -> Row:
    """A post written between the author's registration and last login."""
    created_at = between(author["created_at"], author["last_login"], random)
    one, two = random.sample(SUBJECTS, 2)
    title = random.choice(TITLES).format(one, two)
    return {
        "id": number,
        "title": title[0].upper() + title[1:],
        "body": build_text(random.randint(30, 80), random),
        "status": random.choices(["published", "draft", "archived"], [85, 10, 5])[0],
        "author_id": author["id"],
        "category_id": random.randint(1, categories) if random.random() < 0.9 else None,
        "created_at": created_at,
        "updated_at": between(created_at, author["last_login"], random),
    }


def build_comment(number: int, post: Row, reader: Row, author: Row, random: Random) -> Row:
    """A reader's comment; the author's own where the reader was not seen after the post."""
    writer = reader if reader["last_login"] > post["created_at"] else author
    start = max(post["created_at"], writer["created_at"])
    return {
        "id": number,
        "post_id": post["id"],
        "author_id": writer["id"],
        "body": build_text(random.randint(6, 25), random),
        "created_at": between(start, writer["last_login"], random),
    }


def between(start: datetime, end: datetime, random: Random) -> datetime:
    """A moment from start to end."""
    return start + (end - start) * random.random()


def build_text(length: int, random: Random) -> str:
    """A sentence of this many words."""
    return " ".join(random.choices(WORDS, k=length)).capitalize() + "."
