"""Secrets and personal data in text → placeholders. The same value gets the same placeholder.

Each rule names its source: the vendor's page or the standard that gives the form. A check digit or an entropy
test stands beside the pattern where one exists, so that a commit hash or an order number is left alone.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SecretRule:
    """One kind of secret. Where the pattern has a group `v`, only that group is replaced."""

    id: str
    pattern: re.Pattern[str]
    source: str
    hint: tuple[str, ...] = ()
    """Lower-case texts of which one must stand in the text, so that most rules cost one search."""
    check: Callable[[str], bool] | None = None


def entropy(value: str) -> float:
    """Shannon entropy in bits a character."""
    counts = Counter(value)
    return -sum(n / len(value) * math.log2(n / len(value)) for n in counts.values()) if value else 0.0


def luhn(value: str) -> bool:
    """The check digit of bank cards (ISO/IEC 7812)."""
    digits = [int(ch) for ch in value if ch.isdigit()]
    if not 13 <= len(digits) <= 19 or len(set(digits)) < 3:
        return False
    doubled = [d if i % 2 == 0 else (d * 2 - 9 if d > 4 else d * 2) for i, d in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


def china_id(value: str) -> bool:
    """The check character of a Chinese resident identity number (GB 11643)."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(d) * w for d, w in zip(value[:17], weights, strict=True))
    month, day = int(value[10:12]), int(value[12:14])
    return 1 <= month <= 12 and 1 <= day <= 31 and "10X98765432"[total % 11] == value[17].upper()


def us_ssn(value: str) -> bool:
    """Areas that the Social Security Administration never issues are no numbers."""
    area, group, serial = value.split("-")
    return area not in {"000", "666"} and area[0] != "9" and group != "00" and serial != "0000"


def _random_looking(value: str) -> bool:
    return entropy(value) >= 3.2 and any(c.isdigit() for c in value) and any(c.isalpha() for c in value)


_PLACEHOLDER_WORDS = {
    "true", "false", "null", "none", "yes", "no", "required", "optional", "string", "redacted", "hidden", "masked", "invalid", "expired",
    "missing", "wrong", "incorrect", "failed", "unknown", "empty", "changed", "reset", "rotated", "rotation", "revoked", "policy", "authentication",
}  # fmt: skip


def _is_value(value: str) -> bool:
    """A value behind `password=`: not a mask, a variable, or a word that says what became of it."""
    bare = value.strip("\"'`,;.()[]{}<>")
    if len(bare) < 4 or bare.lower() in _PLACEHOLDER_WORDS:
        return False
    return not re.fullmatch(
        r"[*xX•.…-]+|\$\{?\w+\}?|%\w+%|<[^>]*>|\{\{.*\}\}|\[[\w#]+\]", value.strip("\"'`,;")
    )


def _rule(
    id: str, pattern: str, source: str, *hint: str, check: Callable[[str], bool] | None = None, flags: int = 0
) -> SecretRule:
    return SecretRule(id, re.compile(pattern, flags), source, hint, check)


_KEYWORD = (
    r"(?:pass(?:word|wd|phrase)?|pwd|secret|api[_-]?key|access[_-]?key(?:[_-]?secret)?|secret[_-]?(?:access[_-]?)?key|auth[_-]?token|access[_-]?token|"
    r"refresh[_-]?token|client[_-]?secret|private[_-]?key|token|credential|session(?:_?id)?|密码|口令|密钥|令牌)"
)

RULES: tuple[SecretRule, ...] = (
    _rule("private_key", r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\Z)", "RFC 7468", "private key"),
    _rule("aws_key", r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b", "AWS IAM identifiers", "akia", "asia", "abia", "acca"),
    _rule("aws_secret", r"(?i)aws[\w.\- ]{0,30}?(?:secret|key)[\w.\- ]{0,20}?[\"']?\s*[:=]\s*[\"']?(?P<v>[A-Za-z0-9/+]{40})\b", "AWS access keys", "aws"),
    _rule("gcp_key", r"\bAIza[A-Za-z0-9_-]{35}\b", "Google API keys", "aiza"),
    _rule("gcp_oauth", r"\bya29\.[A-Za-z0-9_-]{20,}", "Google OAuth 2.0", "ya29."),
    _rule("azure_key", r"(?i)(?:AccountKey|SharedAccessKey|sig)=(?P<v>[A-Za-z0-9+/%]{40,}={0,2})", "Azure Storage connection strings, SAS", "accountkey", "sharedaccesskey", "sig="),
    _rule("aliyun_key", r"\bLTAI[A-Za-z0-9]{12,26}\b", "阿里云 AccessKey ID", "ltai"),
    _rule("tencent_key", r"\bAKID[A-Za-z0-9]{32}\b", "腾讯云 SecretId", "akid"),
    _rule("github_token", r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,})", "GitHub token formats", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
    _rule("gitlab_token", r"\bgl(?:pat|dt|rt|cbt|ptt|soat)-[A-Za-z0-9_-]{20,}", "GitLab token prefixes", "glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "glsoat-"),
    _rule("slack_token", r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}|\bxapp-\d-[A-Za-z0-9-]{10,}", "Slack token types", "xox", "xapp-"),
    _rule("slack_webhook", r"hooks\.slack\.com/(?:services|workflows)/[A-Za-z0-9/_-]{20,}", "Slack incoming webhooks", "hooks.slack.com"),
    _rule("robot_webhook", r"(?:oapi\.dingtalk\.com/robot/send\?access_token=|open\.(?:feishu|larksuite)\.cn/open-apis/bot/v2/hook/|qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=)(?P<v>[A-Za-z0-9_-]{16,})", "钉钉/飞书/企业微信机器人", "oapi.dingtalk", "open.feishu", "open.larksuite", "qyapi.weixin"),
    _rule("stripe_key", r"\b(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,}|\bwhsec_[A-Za-z0-9]{20,}", "Stripe API keys", "_live_", "_test_", "whsec_"),
    _rule("openai_key", r"\bsk-(?:proj-|svcacct-|admin-|ant-)?[A-Za-z0-9_-]{20,}", "OpenAI and Anthropic key prefixes", "sk-"),
    _rule("npm_token", r"\bnpm_[A-Za-z0-9]{36}\b|\bpypi-[A-Za-z0-9_-]{40,}", "npm and PyPI tokens", "npm_", "pypi-"),
    _rule("sendgrid_key", r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{20,}", "SendGrid keys", "sg."),
    _rule("jwt", r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?", "RFC 7519", "eyj"),
    _rule("url_password", r"(?i)\b[a-z][a-z0-9+.-]{1,30}://[^\s:/@\"'<>]{0,100}:(?P<v>[^\s/@\"'<>]{1,200})@", "RFC 3986, userinfo", "://"),
    _rule("auth_header", r"(?i)\b(?:proxy-)?authorization[\"']?\s*[:=]\s*[\"']?(?:(?:basic|bearer|token|digest|negotiate)\s+)?(?P<v>[A-Za-z0-9._~+/=-]{8,})", "RFC 9110", "authorization"),
    _rule("bearer", r"(?i)\bbearer\s+(?P<v>[A-Za-z0-9._~+/-]{16,}=*)", "RFC 6750", "bearer", check=_random_looking),
    _rule("cookie", r"(?i)\b(?:set-)?cookie[\"']?\s*[:=]\s*[\"']?(?P<v>[^\s\"']+=[^\r\n\"']{6,})", "RFC 6265", "cookie"),
    _rule("password", rf"(?i)(?<![A-Za-z0-9]){{0}}{_KEYWORD}[\"'`]?\s*(?:=|:|：|=>|是|为)\s*(?P<v>\"[^\"\n]{{4,200}}\"|'[^'\n]{{4,200}}'|`[^`\n]{{4,200}}`|[^\s,;，。；&|)\]}}<>]{{4,200}})".replace("{0}", ""), "key=value pairs", "pass", "pwd", "secret", "key", "token", "credential", "session", "密码", "口令", "密钥", "令牌", check=_is_value),
    _rule("password", r"(?i)(?:\s-p|--password[= ])(?P<v>[^\s'\"-][^\s'\"]{5,})", "mysql and similar clients", "-p", "--password", check=_random_looking),
    _rule("email", r"(?<![\w.+-])[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}\b", "RFC 5322", "@"),
    _rule("china_id", r"(?<![0-9A-Za-z])[1-9]\d{5}(?:18|19|20)\d{9}[\dXx](?![0-9A-Za-z])", "GB 11643", check=china_id),
    _rule("phone", r"(?<![\dA-Za-z.:_/-])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?![\dA-Za-z.:_-])", "工信部 mobile number plan"),
    _rule("phone", r"(?<![\w.])\+(?!86)[1-9]\d{0,2}[ .-]?\(?\d{1,4}\)?(?:[ .-]?\d{2,4}){2,4}(?!\w)", "ITU-T E.164", "+"),
    _rule("phone", r"(?<![\w.-])(?:\(\d{3}\) ?|\d{3}[-.])\d{3}[-.]\d{4}(?![\w-])", "North American Numbering Plan"),
    _rule("bank_card", r"(?<![\w.-])(?:\d{4}[ -]?){3}\d{1,7}(?![\w.-])", "ISO/IEC 7812", check=luhn),
    _rule("ssn", r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])", "US Social Security Administration", check=us_ssn),
)  # fmt: skip


@dataclass
class Vault:
    """Placeholders given so far; the values stay in memory only."""

    rules: tuple[SecretRule, ...] = RULES
    given: dict[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    def clean(self, text: str) -> str:
        """The text with every secret replaced by `[kind#n]`."""
        lower = text.lower()
        for rule in self.rules:
            if rule.hint and not any(hint in lower for hint in rule.hint):
                continue
            text = rule.pattern.sub(lambda match, rule=rule: self._replace(rule, match), text)  # type: ignore[misc]
        return text

    def _replace(self, rule: SecretRule, match: re.Match[str]) -> str:
        grouped = "v" in match.re.groupindex and match["v"] is not None
        value = match["v"] if grouped else match[0]
        bare = value.strip("\"'`")
        if not bare or re.fullmatch(r"\[[a-z_]+#\d+\]", bare) or (rule.check and not rule.check(bare)):
            return match[0]
        if bare not in self.given:
            self.counts[rule.id] += 1
            self.given[bare] = f"[{rule.id}#{self.counts[rule.id]}]"
        shown = value.replace(bare, self.given[bare])
        if not grouped:
            return shown
        start, end = match.start("v") - match.start(), match.end("v") - match.start()
        return match[0][:start] + shown + match[0][end:]
