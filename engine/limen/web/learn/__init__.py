"""The pages of training, for trainers and trainees: each module has a `router` and its entries of the navigation."""

from __future__ import annotations

from fastapi import APIRouter

from limen.web.rendering import NavEntry

ROUTERS: tuple[APIRouter, ...] = ()
NAV: tuple[NavEntry, ...] = ()
