"""The five models of the blog."""

from .base import Base
from .category import Category
from .comment import Comment
from .post import Post, PostStatus
from .tag import Tag, post_tags
from .user import User

__all__ = ["Base", "Category", "Comment", "Post", "PostStatus", "Tag", "User", "post_tags"]
