"""What the tests of robots and webhooks share: a store, the service that they meet, and the sender between them."""

from datetime import timedelta
from pathlib import Path

from alerts import outbox
from alerts.channels.by_address import ByAddress
from alerts.channels.file import MailboxFolder
from alerts.channels.robots import SERVICES, GroupRobots
from alerts.channels.webhook import Webhooks
from alerts.digest import Edition
from alerts.outbox import Delivered
from monitor.config import Channels, Mail
from monitor.store import Store, delivery
from monitor.store.delivery import Subscription
from tests.receiver import METRICS, NOW, Receiver, subscribe, tell

MAIL = Mail(sender="policywatch <watch@example.com>", attempts=3)
EDITION = Edition({"future": "未来产业"}, {"forum"}, preferences="https://watch.example.com/u/")
KEY = "693a91f6-7a0b-4bc4-97a0-0ec2sifa5aaa"
TOKEN = "566cc69da782ec33e42541b09b08551f"
ROBOT = {
    "wecom": f"wecom://{KEY}",
    "feishu": f"feishu://{KEY}?secret=quiet",
    "dingtalk": f"dingtalk://{TOKEN}?secret=SECquiet",
}
TAKEN = {"errcode": 0, "errmsg": "ok", "code": 0, "msg": "success"}
MASTER = b"of the tests alone"
AT = 1_795_482_000.25  # seconds since 1970


class Desk:
    """A store, the service that its robots and webhooks meet, and the sender between them."""

    def __init__(self, store: Store, service: Receiver, folder: Path) -> None:
        self.store, self.service = store, service
        address = service.address
        settings = Channels(
            wecom=address, feishu=f"{address}/", dingtalk=address, timeout=1.5, allow_private=["127.0.0.0/8"]
        )
        self.robots = GroupRobots(settings, clock=lambda: AT)
        webhooks = Webhooks(settings, lambda: MASTER, clock=lambda: AT)
        self.mailbox = folder / "mailbox"
        self.channel = ByAddress(
            MailboxFolder(self.mailbox), {**dict.fromkeys(SERVICES, self.robots), "webhook": webhooks}
        )

    @property
    def webhook(self) -> str:
        return f"{self.service.address}/hooks/secretpath?for=us"

    def queue(self, minutes: float = 0, edition: Edition = EDITION) -> int:
        return len(outbox.queue_due(self.store, edition, MAIL, NOW + timedelta(minutes=minutes)))

    def send(self, minutes: float = 0) -> list[Delivered]:
        return list(outbox.send_waiting(self.store, self.channel, MAIL, lambda: NOW + timedelta(minutes=minutes)))

    def states(self) -> list[str]:
        with delivery.reading(self.store) as session:
            return [one.state for one in delivery.messages(session)]

    def subscriber(self) -> Subscription:
        with delivery.reading(self.store) as session:
            return delivery.list_subscriptions(session)[0]

    def told(self, address: str, number: int = 1) -> None:
        """Subscribe the address and queue a digest of so many facts."""
        subscribe(self.store, address)
        for place in range(number):
            tell(self.store, f"第{place}稿", 12 + place, metric=METRICS[place])
        assert self.queue() == 1
