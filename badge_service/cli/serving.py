"""`serve` runs the web service (with a worker inside when it wins the lock), `worker` only works."""

import gc
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from typing import Any

import click
from gunicorn.app.base import BaseApplication

from badge_service import settings as settings_module
from badge_service.app import create_app
from badge_service.cli.opening import Opened, open_service
from badge_service.cli.patience import PatientWorker
from badge_service.errors import UnavailableError
from badge_service.settings import Settings
from badge_service.worker import LONGEST_SLEEP, Worker, attach, make_queue, start_embedded

GRACE_SECONDS = 2
PORTS_TO_TRY = 20


class _Server(BaseApplication):
    """Gunicorn with our app; database and worker are opened after the fork, in the process that uses them."""

    def __init__(self, settings: Settings, options: dict[str, Any]) -> None:
        self.settings, self.options = settings, options
        super().__init__()

    def load_config(self) -> None:
        """Take the options as they are."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Build the app in the worker process."""
        opened = open_service(self.settings)
        app = create_app(opened.settings, opened.database, opened.keyring)
        app.extensions["start_worker"]()
        keep_what_stays()
        return app


def keep_what_stays() -> None:
    """What a started process holds, it holds for life: the garbage collector need not walk over it during each bulk.

    A bulk of awards makes so many objects that it would, every few thousand: a third of the time awarding took.
    """
    gc.collect()
    gc.freeze()


def run_server(settings: Settings, *, bind: str, workers: int = 1, quiet: bool = False) -> None:
    """Serve until a signal; a stop takes at most five seconds, whatever is running."""
    options = {
        "bind": bind,
        "workers": workers,
        "threads": 8,
        "worker_class": PatientWorker,
        "timeout": 60,
        "graceful_timeout": GRACE_SECONDS,
        "worker_exit": _stop_worker,
        "loglevel": "warning" if quiet else "info",
        "control_socket_disable": True,
    }
    try:
        _Server(settings, options).run()
    except SystemExit as ended:
        _leave(ended.code if isinstance(ended.code, int) else 1)


def _leave(code: int) -> None:
    """End at once: by now all is committed, and taking Python apart takes seconds on a busy machine."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _stop_worker(_server: Any, worker: Any) -> None:
    stop: Callable[[], None] | None = getattr(worker.wsgi, "extensions", {}).get("stop_worker")
    if stop is not None:
        stop()


def free_port(host: str, wanted: int) -> int:
    """The wanted port, or the next free one; raises `UnavailableError` after twenty tries."""
    for port in range(wanted, wanted + PORTS_TO_TRY):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise UnavailableError(f"No port from {wanted} to {wanted + PORTS_TO_TRY - 1} is free.", code="port.busy")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Web processes.")
def serve(host: str, port: int, workers: int) -> None:
    """Run the service (behind a reverse proxy that speaks https)."""
    settings = settings_module.from_environment()
    open_service(settings).database.close()
    if free_port(host, port) != port:
        raise UnavailableError(f"Port {port} is busy.", code="port.busy", hint="Choose another with --port.")
    run_server(settings, bind=f"{host}:{port}", workers=workers)


@click.command()
def worker() -> None:
    """Work off what is promised: mails, signatures, status lists; until a signal."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    opened: Opened = open_service(settings_module.from_environment())
    queue = make_queue(opened.settings)
    attach(queue, Worker(opened.settings, opened.database, opened.keyring))
    running = start_embedded(opened.settings, queue)
    keep_what_stays()
    working = running.working.wait(LONGEST_SLEEP)
    words = "Working." if working else "Another worker works on this data folder: standing by until it ends."
    click.echo(f"{words} Stop with Ctrl-C.", err=True)
    ended.wait()
    running.stop()
