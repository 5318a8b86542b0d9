"""The whole application, made once: describing a hundred routes takes a second."""

from functools import cache

from fastapi import FastAPI

from app.core.db import Database
from app.main import create_app


@cache
def _made() -> FastAPI:
    return create_app()


def over(database: Database) -> FastAPI:
    """The application over a database, until the next test names another."""
    app = _made()
    app.state.database = database
    return app
