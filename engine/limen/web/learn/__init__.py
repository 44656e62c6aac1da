"""The pages of training, for trainers and trainees: each module has a `router` and its entries of the navigation."""

from __future__ import annotations

from fastapi import APIRouter

from limen.web.learn import give, results, study, teach
from limen.web.learn.rooms import REFUSED, refused
from limen.web.rendering import NavEntry

__all__ = ["NAV", "REFUSED", "ROUTERS", "refused"]

ROUTERS: tuple[APIRouter, ...] = (study.router, teach.router, give.router, results.router)
NAV: tuple[NavEntry, ...] = (
    NavEntry("Learn", "/learn", ("trainee", "trainer", "admin"), "Read the file, decide item by item, and see why."),
    NavEntry("Teach", "/teach", ("trainer", "admin"), "Make a course, hand it out, see who got what right."),
)
