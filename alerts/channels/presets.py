"""The mail services people use here: where their servers listen, and what they want instead of the password."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from monitor.config import Smtp


@dataclass(frozen=True, slots=True)
class Preset:
    """How one service wants to be spoken to."""

    name: str
    host: str
    port: int
    security: Literal["starttls", "tls"]
    secret: str  # what goes into smtp.password


PRESETS: Mapping[str, Preset] = {
    "qq": Preset("QQ邮箱", "smtp.qq.com", 465, "tls", "the 授权码 from 设置 > 账号 > SMTP服务, not the password"),
    "163": Preset("网易163", "smtp.163.com", 465, "tls", "the 授权码 from 设置 > POP3/SMTP/IMAP, not the password"),
    "exmail": Preset("腾讯企业邮", "smtp.exmail.qq.com", 465, "tls", "the 客户端专用密码 where 安全登录 is on"),
    "aliyun": Preset(
        "阿里企业邮", "smtp.qiye.aliyun.com", 465, "tls", "the 三方客户端安全密码 where it is switched on"
    ),
    "outlook": Preset(
        "Microsoft 365",
        "smtp.office365.com",
        587,
        "starttls",
        "the account's, with SMTP AUTH switched on for it (off by default from the end of 2026)",
    ),
    "gmail": Preset("Gmail", "smtp.gmail.com", 465, "tls", "an app password (needs two-step verification)"),
}


def advice(settings: Smtp) -> str:
    """What to look at when this server cannot be talked to."""
    known = next((preset for preset in PRESETS.values() if preset.host == settings.host), None)
    if known:
        return (
            f"{known.name} wants smtp.port {known.port}, smtp.security {known.security}, mail.sender the same as smtp.user, "
            f"and as smtp.password {known.secret}"
        )
    return "check smtp.host, smtp.port, smtp.security, smtp.user, smtp.password and mail.sender"
