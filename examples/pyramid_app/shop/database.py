"""Users and orders, and a session that lives as long as a request's transaction."""

from __future__ import annotations

from datetime import datetime, timezone

import zope.sqlalchemy
from pyramid.config import Configurator
from pyramid.request import Request
from sqlalchemy import ForeignKey, engine_from_config
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    mapped_column,
    relationship,
    sessionmaker,
)


class Base(DeclarativeBase):
    """The tables of the shop."""


class User(Base):
    """Somebody with an account, known to Mixpanel as the visitor that they were."""

    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    distinct_id: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str] = mapped_column(unique=True)
    created: Mapped[datetime] = mapped_column(
        default=lambda: datetime.now(timezone.utc)
    )


class Order(Base):
    """What somebody has paid for."""

    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    user: Mapped[User] = relationship()
    cents: Mapped[int]


def includeme(config: Configurator) -> None:
    """Give requests a ``dbsession``, which commits with ``request.tm``."""
    engine = engine_from_config(config.get_settings())
    Base.metadata.create_all(engine)  # yours may be the work of Alembic
    factory = sessionmaker(engine)
    config.registry["dbsession_factory"] = factory

    def dbsession(request: Request) -> Session:
        session = factory()
        zope.sqlalchemy.register(session, transaction_manager=request.tm)
        return session

    config.add_request_method(dbsession, reify=True)
