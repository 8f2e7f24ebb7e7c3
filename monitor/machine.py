"""What of this machine keeps the service from its work: a disk that fills, ticks that come late, mail that does not go out."""

import shutil
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import make_url

from alerts.machine import Part
from monitor.config import Settings
from monitor.store import Store, pace

# The pause that a mail server is given after some tries in a row: one that is restarted is back sooner.
PATIENCE: Final = timedelta(minutes=4)


def examine(settings: Settings, store: Store, late: Mapping[str, timedelta]) -> Iterator[Part]:
    """Each part as it is now; `late` says which tick is late, and by how much."""
    yield Part("(disk)", "磁盘空间", _little_room(settings))
    yield Part("(ticks)", "定时任务", "，".join(f"{name} 晚了 {_span(by)}" for name, by in late.items()) or None)
    with store.reading() as db:
        paused = pace.pause_of(db, pace.SERVER)
    way_out = f"{settings.smtp.host}:{settings.smtp.port}" if settings.smtp.host else str(settings.mailbox)
    silent = f"{way_out} 连续多次不通，邮件都在发件箱里等待"
    yield Part("(mail)", "邮件服务器", silent if paused >= PATIENCE else None)


def overdue(due: Mapping[str, datetime], now: datetime, grace: timedelta) -> Mapping[str, timedelta]:
    """The ticks that were due longer ago than the grace."""
    return {name: now - moment for name, moment in due.items() if now - moment > grace}


def disk_of(settings: Settings) -> Path:
    """A folder on the disk that the store fills; where the database is a server's, that of the data folder."""
    address = make_url(settings.database_url)
    file = address.database if address.get_backend_name() == "sqlite" else None
    folder = (Path(file).parent if file else settings.data).absolute()
    return next(one for one in (folder, *folder.parents) if one.is_dir())


def _little_room(settings: Settings) -> str | None:
    folder = disk_of(settings)
    free, least = shutil.disk_usage(folder).free, settings.alarm.least_room
    if free >= least:
        return None
    return f"{folder} 所在磁盘只剩 {free // 1_000_000:,} MB，少于 alarm.least_room 的 {least // 1_000_000:,} MB"


def _span(late: timedelta) -> str:
    minutes = round(late.total_seconds() / 60)
    return f"{minutes} 分钟" if minutes < 120 else f"{minutes // 60} 小时"
