"""What the routes of one worker work with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request

from serving.deliveries import Couriers
from serving.desk import Desk
from serving.helpdesks.settings import Helpdesks
from serving.housekeeper import Housekeeper
from serving.keyring import KeyRing
from serving.links import Links
from serving.recorder import Recorder
from serving.settings import Settings
from serving.store import revisions
from serving.store.database import CONNECTIONS, Database
from serving.watch import Watch
from serving.workbench import Workbench


@dataclass(frozen=True, slots=True)
class Services:
    """One of each for every worker.

    Attributes:
        settings: how the server runs.
        desks: the brands, by name; the first serves addresses that name none.
        database: the store.
        keys: who is let in.
        recorder: writes down what was suggested.
        watch: keeps desks and keys up to the store.
        links: signs and reads the links by which a note's reader accepts or rejects.
        helpdesks: that send webhooks.
        couriers: bring suggestions back to them.
        housekeeper: removes what is too old.
        engine: where suggestions are made.
        clerks: where the store is asked, beside the event loop.
    """

    settings: Settings
    desks: Mapping[str, Desk]
    database: Database
    keys: KeyRing
    recorder: Recorder
    watch: Watch
    links: Links
    helpdesks: Helpdesks
    couriers: Couriers
    housekeeper: Housekeeper
    engine: Workbench
    clerks: Workbench

    @classmethod
    def of(cls, settings: Settings, desks: Sequence[Desk]) -> Services:
        """Put together what the settings ask for.

        Raises:
            StoreError: the database's URL is none.
            DataError: the file with the helpdesks cannot be used.
        """
        database = Database.from_url(settings.database_url)
        links = Links(database)
        helpdesks = Helpdesks.from_toml(settings.helpdesks) if settings.helpdesks else Helpdesks()
        by_name = {desk.name: desk for desk in desks}
        public_url = str(settings.public_url) if settings.public_url else None
        ring = KeyRing(may_be_open=settings.is_loopback)
        refreshers = {revisions.KEYS: ring.refresh}
        refreshers.update({revisions.answers_of(desk.name): desk.refresh for desk in desks})
        return cls(
            settings=settings,
            desks=by_name,
            database=database,
            keys=ring,
            recorder=Recorder(database),
            watch=Watch(database, refreshers),
            links=links,
            helpdesks=helpdesks,
            couriers=Couriers.of(helpdesks.sources, by_name, database, links, public_url),
            housekeeper=Housekeeper(database, settings.retention_days),
            engine=Workbench(settings.concurrency, settings.patience_seconds),
            # Four connections stay for the recorder, the watch, the housekeeper and the couriers.
            clerks=Workbench(CONNECTIONS - 4, settings.patience_seconds),
        )

    @property
    def default_brand(self) -> str:
        """The brand of addresses that name none, where no key does."""
        return next(iter(self.desks))

    def start(self) -> None:
        """Read what the store holds, and keep up with it; should it not answer, as soon as it does."""
        self.watch.start()
        self.recorder.start()
        self.couriers.start()
        self.housekeeper.start()

    def stop(self) -> None:
        """Write what is still to be written, and let go of the store."""
        self.couriers.stop()
        self.housekeeper.stop()
        self.watch.stop()
        self.recorder.stop()
        self.database.close()


def services_of(request: Request) -> Services:
    """Return what the request's application works with."""
    services: Services = request.app.state.services
    return services
