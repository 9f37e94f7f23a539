"""The blog as a web application: `uvicorn app:app`."""

from fastapi import FastAPI

from viewsets import comment, post, search, user

app = FastAPI(title="Blog", description="Posts, comments and their authors.")
app.include_router(user.router)
app.include_router(post.router)
app.include_router(comment.router)
app.include_router(search.router)
