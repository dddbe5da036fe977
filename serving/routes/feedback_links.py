"""Pages behind the links in notes. To look at one records nothing, as a preview of the link does; its button does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from serving.desk import Desk
from serving.feedback import take
from serving.links import PATH, LinkExpiredError, LinkForgedError, Offer
from serving.middleware import DESK, OUTCOME
from serving.pages import Page, Words
from serving.problems import Refused
from serving.services import Services, services_of
from serving.store.database import StoreDownError
from serving.workbench import Busy

router = APIRouter(include_in_schema=False)

_Then = Callable[[Services, Desk, Offer, Words], Awaitable[Page]]


@router.get(PATH + "{token}")
async def show(token: str, request: Request) -> HTMLResponse:
    """Ask whether what the link says is so."""
    return await _opened(token, request, _ask)


@router.post(PATH + "{token}")
async def follow(token: str, request: Request) -> HTMLResponse:
    """Keep what the link says as feedback, however often it is followed."""
    return await _opened(token, request, _keep)


async def _opened(token: str, request: Request, then: _Then) -> HTMLResponse:
    """Go on with what a link says; who cannot be helped is told so in words."""
    services = services_of(request)
    desk = services.desks[services.default_brand]
    try:
        offer = await services.clerks.do(partial(services.links.read, token))
        desk = services.desks.get(offer.brand, desk)
        setattr(request.state, DESK, desk)
        if desk.name != offer.brand:
            return _told(desk, lambda words: words.gone, 410)
        page = await then(services, desk, offer, Words.of(desk.bundled.brand.language))
        setattr(request.state, OUTCOME, offer.action)
        return page.response()
    except LinkForgedError:
        return _told(desk, lambda words: words.wrong, 403)
    except LinkExpiredError:
        return _told(desk, lambda words: words.expired, 410)
    except Refused:
        return _told(desk, lambda words: words.gone, 410)
    except (StoreDownError, Busy):
        return _told(desk, lambda words: words.later, 503)


async def _ask(_: Services, desk: Desk, offer: Offer, words: Words) -> Page:
    return Page(desk.bundled.brand.name, words.language, words.questions[offer.action], words.buttons[offer.action])


async def _keep(services: Services, desk: Desk, offer: Offer, words: Words) -> Page:
    await take(services, desk, offer.feedback)
    return Page(desk.bundled.brand.name, words.language, words.thanks)


def _told(desk: Desk, sentence: Callable[[Words], str], status: int) -> HTMLResponse:
    brand = desk.bundled.brand
    words = Words.of(brand.language)
    return Page(brand.name, words.language, sentence(words)).response(status)
