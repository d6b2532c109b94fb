r"""The table of what is replaced: id, pattern, test, source, examples.

Each rule names the vendor's page or the standard that gives the form. A check digit or an entropy test stands
beside the pattern where one exists, so that a commit hash or an order number is left alone. Examples are recipes,
`AKIA{A2:16}` for a prefix and 16 characters of that alphabet: no whole secret stands in this repository.
`\w`, `\d` and `\b` mean ASCII, so that a secret right behind a Chinese character is seen.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from pm_agent.language.compiled import compiled
from pm_agent.redact import checks


@dataclass(frozen=True, slots=True)
class SecretRule:
    """One kind of secret. Where the pattern has a group `v`, only that group is replaced."""

    id: str
    pattern: re.Pattern[str]
    source: str
    examples: tuple[str, ...]
    hint: tuple[str, ...] = ()
    """Lower-case texts of which one must stand in the text, so that most rules cost one search."""
    check: Callable[[str], bool] | None = None
    not_after: re.Pattern[str] | None = None
    """What stands before a look-alike: `order_id=`."""
    solid: bool = False
    """Known by its own form: looked for in base64 and across line breaks too."""
    told: bool = False
    """Known only by what stands beside it: once seen, the value is replaced wherever else it stands."""


def rule(
    id: str, pattern: str, source: str, *examples: str, hint: str = "", check: Callable[[str], bool] | None = None,
    not_after: re.Pattern[str] | None = None, solid: bool = False, told: bool = False, flags: int = 0,
) -> SecretRule:  # fmt: skip
    """One row of the table; `hint` is a list with blanks between."""
    return SecretRule(
        id, compiled(pattern, flags | re.ASCII), source, examples, tuple(hint.split()), check, not_after, solid, told
    )  # fmt: skip


_COUNTED = compiled(
    r"(?:(?<![A-Za-z])|(?-i:(?<=[a-z])(?=[A-Z])))(?<!\d )(?<!\d)(?:order|trace|span|req(?:uest)?|msg|message|event|txn?|transaction|trade|seq(?:uence)?|offset|bytes?|size|len(?:gth)?|count|"
    r"storage|limit|capacity|quota|usage|total|mem(?:ory)?|free|used|rss|heap|ns|nanos|us|micros|ts|timestamp|time|sum|hash|version|build|job|batch|rows?|单号|订单|流水|工单|编号|批次|字节|大小|偏移)"
    r"[\"'_ ]{0,2}(?:号|id|no|num(?:ber)?)?[\"']?\s*[:=：#]?\s*[\"'#]?$",
    re.I,
)
_UNIT = r"(?!\s?(?:bytes|[KMG]i?B|B|ns|us|µs|ms|rows|msgs|records|条|行|字节|个)(?![A-Za-z]))"

_STRONG = r"(?:(?<![A-Za-z])pass|passw(?:or)?d|passphrase|passcode|pwd|secret(?:[_-]?(?:access[_-]?)?key)?|(?:api|app|access|master|encryption|signing|private|account|shared)[_-]?key(?:[_-]?(?:secret|value))?|(?:app|client|corp)[_-]?secret|密码|口令|密钥|秘钥|授权码|验证码|暗号)"
_WEAK = r"(?:[a-z]{0,40}[_-]?token|credentials?|session(?:[_-]?(?:id|key))?|access[_-]?key[_-]?id|令牌|凭证)"
_SIGN = r"[\"'`\\\]]*[ \t]*(?:=>|:=|==?|->|[:：>])[ \t]*"
_BARE = r"(?:[^\s,;，。；、&|\"'`<>]|&(?!\w{1,30}=)|[,;|](?=[^\s\"',;|])(?!\w{1,30}[\"']?\s*[=:]))"
_QUOTED = r"\\?\"[^\"\n]{4,200}\"|\\?'[^'\n]{4,200}'|`[^`\n]{4,200}`"
_CLIENTS = r"\b(?:mysql\w*|mariadb\w*|mycli|obclient|percona\w*|pt-\w+)\b"

VENDOR: tuple[SecretRule, ...] = (
    rule("private_key", r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\Z)", "RFC 7468", "-----BEGIN RSA PRIVATE {KEY}-----\n{b64:64}\n{b64:64}\n{b64:30}==\n-----END RSA PRIVATE {KEY}-----", hint="private"),
    rule("private_key", r"(?<![A-Za-z0-9+/])MI[IGHC][A-Za-z0-9+/]{61}(?:(?:\s|\\[nr])+[A-Za-z0-9+/]{64})*(?:(?:\s|\\[nr])+[A-Za-z0-9+/]{2,63}={0,2}(?!\w))?", "RFC 7468, the body alone", "MIIE{b64:60}\n{b64:64}\n{b64:20}=", hint="mii mig mih mic", check=checks.mixed),
    rule("aws_key", r"(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Za-z0-9])", "AWS IAM identifiers", "AKIA{A2:16}", "ASIA{A2:16}", hint="akia asia abia acca", solid=True),
    rule("aws_secret", r"(?i)aws[\w.\- ]{0,30}?(?:secret|key)[\w.\- ]{0,20}?[\"']?\s*[:=]\s*[\"']?(?P<v>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+])", "AWS access keys", "aws_secret_access_key = {b64:40}", hint="aws", told=True),
    rule("gcp_key", r"AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])", "Google API keys", "AIza{url:35}", hint="aiza", solid=True),
    rule("gcp_oauth", r"\bya29\.[A-Za-z0-9_-]{20,}|\bGOCSPX-[A-Za-z0-9_-]{20,}|\b1//0[A-Za-z0-9_-]{30,}", "Google OAuth 2.0", "ya29.{url:60}", "GOCSPX-{url:28}", hint="ya29. gocspx- 1//0", solid=True),
    rule("azure_key", r"(?i)(?:AccountKey|SharedAccessKey|SharedSecretValue)=(?P<v>[A-Za-z0-9+/%]{40,}={0,2})|(?<![A-Za-z])sig=(?P<w>[A-Za-z0-9+/%]{40,}={0,2})", "Azure Storage connection strings, SAS", "DefaultEndpointsProtocol=https;AccountName=logs;AccountKey={b64:86}==", "https://logs.blob.core.windows.net/c?sv=2024&sig={b64:43}%3D", hint="accountkey sharedaccesskey sharedsecret sig="),
    rule("azure_secret", r"(?<![\w.~-])[A-Za-z0-9_.~-]{3}\dQ~[A-Za-z0-9_.~-]{31,34}", "Microsoft Entra client secrets", "abc8Q~{url:34}", hint="q~", solid=True),
    rule("aliyun_key", r"(?<![A-Za-z0-9])LTAI[A-Za-z0-9]{12,26}(?![A-Za-z0-9])", "阿里云 AccessKey ID", "LTAI5t{an:18}", hint="ltai", solid=True),
    rule("tencent_key", r"(?<![A-Za-z0-9])AKID[A-Za-z0-9]{32}(?![A-Za-z0-9])", "腾讯云 SecretId", "AKID{an:32}", hint="akid", solid=True),
    rule("cloud_secret", r"\[(?:aliyun_key|tencent_key|aws_key)#\d+\][^\n]{0,40}?(?<![A-Za-z0-9/+])(?P<v>[A-Za-z0-9/+]{30,40})(?![A-Za-z0-9/+])", "the secret beside a cloud key id", "LTAI5t{an:18} / {an:30}", "SecretId=AKID{an:32}, {an:32}", hint="_key#", check=checks.mixed, told=True),
    rule("github_token", r"(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,})", "GitHub token formats", "ghp_{an:36}", "github_pat_{an:22}_{an:59}", hint="ghp_ gho_ ghu_ ghs_ ghr_ github_pat_", solid=True),
    rule("gitlab_token", r"(?<![A-Za-z0-9])gl(?:pat|dt|rt|cbt|ptt|soat|ft|imt|agent|oas)-[A-Za-z0-9_-]{20,}", "GitLab token prefixes", "glpat-{url:20}", hint="glpat- gldt- glrt- glcbt- glptt- glsoat- glft- glimt- glagent- gloas-", solid=True),
    rule("slack_token", r"(?<![A-Za-z0-9])(?:xox[abeoprs](?:\.xox[bp])?-[A-Za-z0-9-]{10,}|xapp-\d-[A-Za-z0-9-]{10,})", "Slack token types", "xoxb-{d:12}-{d:12}-{an:24}", "xapp-1-A{an:10}-{d:13}-{hex:40}", hint="xox xapp-", solid=True),
    rule("slack_webhook", r"hooks\.slack\.com/(?:services|workflows|triggers)/(?P<v>[A-Za-z0-9/_-]{20,})", "Slack incoming webhooks", "https://hooks.slack.com/services/T{A2:8}/B{A2:8}/{an:24}", hint="hooks.slack.com"),
    rule("robot_webhook", r"(?:oapi\.dingtalk\.com/robot/send\?access_token=|open\.(?:feishu\.cn|larksuite\.com)/open-apis/bot/v2/hook/|qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=|discord(?:app)?\.com/api/webhooks/\d+/)(?P<v>[A-Za-z0-9_-]{16,})", "钉钉/飞书/企业微信/Discord robots", "https://oapi.dingtalk.com/robot/send?access_token={hex:64}", "https://open.feishu.cn/open-apis/bot/v2/hook/{uuid}", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={uuid}", hint="oapi.dingtalk open.feishu open.larksuite qyapi.weixin /webhooks/"),
    rule("stripe_key", r"(?<![A-Za-z0-9])(?:(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/=]{20,})", "Stripe API keys", "sk_live_{an:24}", "rk_test_{an:30}", "whsec_{an:32}", hint="_live_ _test_ whsec_", solid=True),
    rule("openai_key", r"(?<![A-Za-z0-9])sk-(?:proj-|svcacct-|admin-|ant-|or-)?[A-Za-z0-9_-]{20,}", "OpenAI and Anthropic key prefixes", "sk-proj-{url:48}", "sk-{an:48}", "sk-ant-api03-{url:60}", hint="sk-", check=checks.random_looking, solid=True),
    rule("registry_token", r"(?<![A-Za-z0-9])(?:npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])|pypi-[A-Za-z0-9_-]{40,}|dckr_(?:pat|oat)_[A-Za-z0-9_-]{20,}|hf_[A-Za-z0-9]{30,}|rubygems_[a-f0-9]{48})", "npm, PyPI, Docker Hub, Hugging Face, RubyGems", "npm_{an:36}", "dckr_pat_{url:27}", "hf_{an:34}", hint="npm_ pypi- dckr_ hf_ rubygems_", solid=True),
    rule("service_token", r"(?<![A-Za-z0-9])(?:SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{20,}|hv[sbr]\.[A-Za-z0-9_-]{20,}|glsa_[A-Za-z0-9]{32}_[a-f0-9]{8}|glc_[A-Za-z0-9+/=]{30,}|sntry[us]_[A-Za-z0-9+/=_-]{30,}|do[por]_v1_[a-f0-9]{60,}|shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}|lin_api_[A-Za-z0-9]{30,}|ATATT3[A-Za-z0-9_=-]{30,}|dapi[a-f0-9]{32}|NRAK-[A-Z0-9]{27}|AGE-SECRET-KEY-1[A-Z0-9]{50,}|\d{8,10}:AA[A-Za-z0-9_-]{33}|SK[a-f0-9]{32}(?![a-f0-9])|EAAC[A-Za-z0-9]{30,})", "SendGrid, Vault, Grafana, Sentry, DigitalOcean, Shopify, Linear, Atlassian, Databricks, New Relic, age, Telegram, Twilio", "SG.{url:22}.{url:43}", "hvs.{url:24}", "glsa_{an:32}_{hex:8}", "shpat_{hex:32}", hint="sg. hvs. hvb. hvr. glsa_ glc_ sntry _v1_ shp lin_api_ atatt3 dapi nrak- age-secret :aa sk eaac", solid=True),
    rule("jwt", r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){0,3}", "RFC 7519", "eyJhbGciOi{url:20}.eyJzdWIi{url:40}.{url:43}", hint="eyj", solid=True),
    rule("password_hash", r"\$(?:2[aby]|[156y]|argon2(?:id?|d)|pbkdf2-\w+|scrypt)\$[./A-Za-z0-9$=,+-]{20,}", "crypt(3), PHC string format", "$2b$12${an:53}", "$6${an:16}${an:86}", hint="$1$ $2 $5$ $6$ $y$ $argon2 $pbkdf2 $scrypt"),
)  # fmt: skip
"""Known by a prefix or a frame of their own."""

TOLD: tuple[SecretRule, ...] = (
    rule("url_password", r"(?i)(?<![a-z0-9])[a-z][a-z0-9+.:-]{1,30}://[^\s:/@\"'<>]{0,100}:(?P<v>[^\s/\"'<>]{1,200})@(?=[\w.\[-])", "RFC 3986, userinfo", "postgres://app:{pw:14}@db.internal:5432/orders", "redis://:{an:20}@cache:6379/0", hint="://", check=checks.is_shown, told=True),
    rule("dsn_password", r"(?i)(?<![\w/.])[\w.-]{1,40}:(?P<v>[^\s:@/\"']{3,100})@(?:tcp|unix)\(|(?:sqlplus\s+(?:-\w+\s+)*|jdbc:oracle:\w+:)\w+/(?P<w>[^\s@\"']{3,100})@?", "go-sql-driver, Oracle", "app:{an:14}@tcp(10.2.3.4:3306)/orders", "jdbc:oracle:thin:app/{an:12}@//db:1521/orcl", hint="@tcp( @unix( sqlplus jdbc:oracle", told=True),
    rule("auth_header", r"(?i)\b(?:proxy-)?authorization[\"'\\]*\s*[:=,]\s*[\"'\\\[]*(?:[A-Za-z][\w-]{1,20}(?:[ \t]+|%20|\+))?(?P<v>(?!bearer\b|basic\b)[^\s\"',;\\]{8,})", "RFC 9110", "Authorization: Bearer {hex:40}", "\"authorization\": \"Basic {b64:28}\"", "Authorization: token {an:32}", hint="authorization", check=checks.token, told=True),
    rule("bearer", r"(?i)\bbearer[\"']?(?:\s+|%20|[:=]\s*)[\"']?(?P<v>[A-Za-z0-9._~+/-]{16,}=*)", "RFC 6750", "Bearer {an:32}", "bearer {hex:40}", hint="bearer", check=checks.token, told=True),
    rule("basic_auth", r"\b[Bb]asic\s+(?P<v>[A-Za-z0-9+/]{8,}={0,2})", "RFC 7617", "Basic {basic}", hint="basic", check=checks.user_and_password, told=True),
    rule("signature", r"(?i)(?:x-amz-)?(?<![a-z])sign(?:ature)?=(?P<v>[A-Za-z0-9%+/_-]{32,}={0,2})", "AWS Signature Version 4, robots' signed calls", "X-Amz-Signature={hex:64}", hint="sign", check=checks.random_looking),
    rule("cookie", r"(?i)\b(?:set-)?cookie[\"'\\]*\s*[:=]\s*[\"'\\\[]*(?P<v>[^\s\"'=;]+=[^\r\n\"']{6,})", "RFC 6265", "Cookie: sid={hex:32}; theme=dark", hint="cookie"),
    rule("session_cookie", r"(?i)\b(?:JSESSIONID|PHPSESSID|ASP\.NET_SessionId|connect\.sid|sessionid|sid|SESSION|(?:csrf|xsrf)[_-]?token)=(?P<v>[A-Za-z0-9%._~+/-]{12,})", "names of session cookies", "JSESSIONID={hex:32}", hint="sess sid= srf", check=checks.random_looking),
    rule("password", r"(?i)[\"']?name[\"']?\s*[:=]\s*[\"']?\w*(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|ACCESS_?KEY)\w*[\"']?(?:\s|\\n|,)*[\"']?value[\"']?\s*[:=]\s*[\"']?(?P<v>[^\s\"']{4,})", "Kubernetes env lists", "- name: DB_PASSWORD\n  value: {an:14}", hint="value", check=checks.is_value, told=True),
    rule("password", rf"(?i){_STRONG}{_SIGN}(?P<v>{_QUOTED}|(?=\S*[\d\W_])(?![a-z]+[,.;:!?)]*(?:\s|$)){_BARE}{{4,200}}|(?<==)[a-z]{{4,60}}(?!\w)|[a-z]{{4,60}}(?=[ \t]*(?:$|[\r\n,;}}\])])|[\"'`<&]))", "key=value pairs in any syntax", "password={pw:14}", "\"passwd\": \"{pw:12}\"", "DB_PASSWORD: {an:12}", "密码：{pw:12}", "spring.datasource.password={an:16}", hint="pass pwd secret key 密码 口令 密钥 秘钥 授权码 验证码 暗号", check=checks.is_value, told=True),
    rule("token", rf"(?i){_WEAK}{_SIGN}(?P<v>{_QUOTED}|[^\s,;，。；、&|\"'`<>(){{}}\[\]]{{8,400}})", "key=value pairs in any syntax", "token={hex:32}", "\"access_token\":\"{url:40}\"", "session_id: {hex:32}", "令牌：{an:24}", hint="token credential session access 令牌 凭证", check=checks.is_token_value, told=True),
    rule("token", r"(?i)(?<![a-z])[as]k[\"'\\]*[ \t]*[=:：][ \t]*[\"']?(?P<v>[A-Za-z0-9/+_-]{16,}={0,2})", "AK/SK pairs of cloud vendors", "sk: {an:30}", hint="ak sk", check=checks.mixed, told=True),
    rule("password", rf"(?i)(?!pass\b){_STRONG}[\"'`]?(?:\s*(?:是|为|改成了?|改为了?|换成了?|设成了?|设为)\s*|[ \t]+(?:is now |is |was |to )?)(?P<v>[\"'`][^\s\"'`]{{4,100}}[\"'`]|{_BARE}{{6,100}})", "passwords told in a sentence", "密码是 {pw:12}", "the password is {pw:12}", "root 密码 {pw:14}", hint="pass pwd secret key 密码 口令 密钥 秘钥", check=checks.is_spoken, told=True),
    rule("password", r"(?i)\bidentified\s+(?:with\s+\S+\s+)?(?:by|as)\s+(?:password\s+)?(?P<v>'[^'\n]{3,100}'|\"[^\"\n]{3,100}\")|\bpassword\s*\(\s*(?P<w>'[^'\n]{3,100}'|\"[^\"\n]{3,100}\")", "SQL account statements", "CREATE USER app IDENTIFIED BY '{pw:14}'", hint="identified password", told=True),
    rule("password", rf"(?i){_CLIENTS}[^\n;|]{{0,200}}?\s-p(?P<v>'[^'\n]{{3,100}}'|\"[^\"\n]{{3,100}}\"|[^\s'\"-][^\s'\"]{{2,}})", "mysql and its relatives", "mysql -h db -uroot -p'{pw:12}' orders", "mysqldump -u app -p{an:10} orders", hint="-p", check=checks.is_argument, told=True),
    rule("password", r"(?<![\w-])-p(?P<v>'[^'\n]{4,100}'|\"[^\"\n]{4,100}\")|(?<![\w-])-u\s?[^\s-]\S*\s+(?:-[A-Za-z]+\s+)?-p\s?(?P<w>[^\s'\"-][^\s'\"]{3,})", "database clients", "-u root -p{an:12}", "-p'{pw:12}'", hint="-p", check=checks.is_argument, told=True),
    rule("password", r"(?i)\b(?:sshpass|docker\s+login|helm\s+registry\s+login|mongo\w*|clickhouse-client|smbclient|rabbitmqadmin|influx|cqlsh)\b[^\n|;]{0,200}?\s-p[ =]?(?P<v>'[^'\n]{3,100}'|\"[^\"\n]{3,100}\"|[^\s'\"-][^\s'\"]{2,})", "clients that take -p", "sshpass -p {an:12} ssh app@db", hint="-p", check=checks.is_argument, told=True),
    rule("password", r"(?i)\b(?:redis-cli\b[^\n|;]{0,200}?\s-a|ldap\w+\b[^\n|;]{0,200}?\s-w|sqlcmd\b[^\n|;]{0,200}?\s-P|requirepass|masterauth)\s+(?P<v>[^\s-]\S{2,})", "redis-cli, ldapsearch, sqlcmd", "redis-cli -h cache -a {an:16} ping", hint="redis-cli ldap sqlcmd requirepass masterauth", check=checks.is_argument, told=True),
    rule("password", r"(?<![\w-])-U\s?[^\s-]\S*\s+(?:-[A-Za-z]\s+[^\s-]\S*\s+){0,2}-P\s?(?P<v>'[^'\n]{3,100}'|\"[^\"\n]{3,100}\"|[^\s'\"-][^\s'\"]{2,})|(?i:\b(?:ipmi\w+|racadm|isql|bcp|vmrun|govc|telnet|snmp\w+)\b)[^\n|;]{0,200}?\s-P\s?(?P<w>[^\s'\"-][^\s'\"]{2,})", "ipmitool and others that take -U and -P", "ipmitool -I lanplus -H 10.9.0.4 -U admin -P {pw:12} sdr", "isql -U sa -P {an:12} -S db", hint="-p", check=checks.is_argument, told=True),
    rule("password", r"(?i)\bsnmp\w+\b[^\n|;]{0,200}?\s-(?-i:[AX])\s?(?P<v>[^\s'\"-][^\s'\"]{7,})", "SNMP passphrases", "snmpwalk -v3 -u mon -l authPriv -A {an:14} sw1", "snmpget -u mon -X {an:14} sw1 1.3.6.1", hint="snmp", check=checks.is_argument, told=True),
    rule("password", r"(?i)(?:\s/p:|\s-U\s?['\"]?[\w.\\/-]{1,60}%)(?P<v>[^\s'\"]{4,})", "xfreerdp, smbclient", "xfreerdp /u:ops /p:{pw:12} /v:jump", "smbclient //nas/logs -U ops%{pw:12}", hint="/p: -u", told=True),
    rule("password", r"(?i)--?(?:\w+-)?(?:password|passwd|pwd|passphrase|token|secret|api-?key|storepass|keypass)[ =](?P<v>'[^'\n]{3,100}'|\"[^\"\n]{3,100}\"|[^\s'\"-][^\s'\"]{3,})", "command-line flags", "--password={pw:12}", "--token {an:24}", hint="-pass -pwd -token -secret -api --", check=checks.is_argument, told=True),
    rule("password", r"(?i)\b(?:curl|wget|http|https|xh)\b[^\n|;]{0,300}?\s(?:-u|--user|--proxy-user|-U|-a|--auth)[ =]?(?P<q>['\"]?)[^\s:'\"]{1,60}:(?P<v>[^\s'\"]{3,})", "curl, HTTPie", "curl -u app:{an:14} https://api.internal/health", "curl --user 'app:{pw:12}' https://api.internal", hint="curl wget http xh", told=True),
    rule("password", r"(?i)\blogin\s+\S+\s+password\s+(?P<v>\S{3,})", "netrc", "machine db login app password {an:12}", hint="password", told=True),
)  # fmt: skip
"""Known by what stands beside them."""

PERSONAL: tuple[SecretRule, ...] = (
    rule("email", r"(?<![A-Za-z0-9_.+-])(?!git@)[A-Za-z0-9_+'-][A-Za-z0-9._%+'-]{0,63}(?:@|%40|\\u0040|&#64;)(?:[A-Za-z0-9-]{1,63}\.)+(?!(?:png|jpe?g|gif|svg|webp|js|css|md|json|ya?ml|txt|log)\b)[A-Za-z]{2,24}(?![A-Za-z0-9@])", "RFC 5322", "{word}.{word}@example.com", "{word}%40example.org", hint="@ %40 \\u0040 &#64;"),
    rule("china_id", r"(?<![0-9A-Za-z])[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])", "GB 11643", "{china_id}", check=checks.china_id),
    rule("national_id", r"(?i)(?:身份证|证件)(?:号码?|号)?[\"']?\s*[:：=是为]?\s*[\"']?(?P<v>\d{17}[\dXx]|\d{15})(?![0-9A-Za-z])|(?:id[_ ]?card(?:[_ ]?no)?|cert[_ ]?no|id[_ ]?number|national[_ ]id|sfz)[\"']?\s*[:：=]?\s*[\"']?(?P<w>\d{17}[\dXx]|\d{15})(?![0-9A-Za-z])", "a labelled identity number, mistyped ones too", "身份证 {d6}19{d:2}0{d19}1{d:5}", "idcard: {d6}19{d:2}0{d19}1{d:5}", hint="身份证 证件 card cert id national sfz"),
    rule("national_id", r"(?i)(?:护照|passport)(?:号码?|[ _]?(?:no|number))?[\"']?\s*[:：=#.]?\s*[\"']?(?P<v>[A-Z]{1,2}\d{7,8})(?![0-9A-Za-z])", "a labelled passport number", "护照号：E{d:8}", hint="护照 passport"),
    rule("national_id", r"(?<![A-Za-z0-9])[A-Z]{1,2}\d{6}\([\dA]\)", "Hong Kong identity card", "{hkid}", check=checks.hong_kong_id),
    rule("national_id", r"(?<![A-Za-z0-9-])[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D](?![A-Za-z0-9-])", "UK National Insurance number", "AB{d:6}C", check=checks.uk_nino),
    rule("ssn", r"(?<![A-Za-z0-9_.-])\d{3}-\d{2}-\d{4}(?![A-Za-z0-9_-])", "US Social Security Administration", "{ssn}", check=checks.us_ssn, not_after=_COUNTED),
    rule("phone", rf"(?<![\dA-Za-z.@/_-])(?:(?:\+|00)?86[- ]?)?1[3-9]\d(?:\d{{8}}|[- ]\d{{4}}[- ]\d{{4}})(?![\dA-Za-z_]|[.:-]\d){_UNIT}", "工信部 mobile number plan", "1{d39}{d:9}", "+86 1{d39}{d:1}-{d:4}-{d:4}", not_after=_COUNTED),
    rule("phone", r"(?<![A-Za-z0-9_.+])(?:\+(?!86)[1-9]\d{0,2}[ .-]?|00(?!86)[1-9]\d{0,2}[ -])(?:\(\d{1,4}\)[ .-]?)?\d{1,5}(?:[ .-]?\d{2,4}){2,4}(?![A-Za-z0-9_])", "ITU-T E.164", "+44 7700 900{d:3}", "+1-415-555-0{d:3}", "+49 30 90182{d:3}", hint="+ 00", check=checks.telephone, not_after=_COUNTED),
    rule("phone", r"(?<![A-Za-z0-9_.:/-])0\d{2,4}(?: \d{3,4} ?\d{3,4}|-\d{7,8}|-\d{3,4}-\d{4})(?![A-Za-z0-9_-]|\.\d)", "national numbers with a trunk 0", "07700 900{d:3}", "010-6{d:7}", check=checks.telephone),
    rule("phone", r"(?<![A-Za-z0-9_.-])(?:\(\d{3}\) ?|[2-9]\d{2}[-.])\d{3}[-.]\d{4}(?![A-Za-z0-9_-]|\.\d)", "North American Numbering Plan", "(415) 555-0{d:3}", "415-555-0{d:3}", not_after=_COUNTED),
    rule("bank_card", r"(?<![A-Za-z0-9_.-])\d{4}(?:[ -]\d{4}){2}[ -]\d{1,7}(?![A-Za-z0-9_-]|\.\d)|(?<![A-Za-z0-9_.-])\d{13,19}(?![A-Za-z0-9_-]|\.\d)", "ISO/IEC 7812", "{card}", check=checks.bank_card, not_after=_COUNTED),
    rule("bank_card", r"(?i)(?:银行卡|信用卡|储蓄卡|卡号|card[_ ]?(?:no|number|num)|\bpan)[\"']?\s*[:：=是为#]?\s*[\"']?(?P<v>\d{4}(?:[ -]?\d{4}){2,3}\d{0,3})(?![0-9A-Za-z])", "a labelled card number, mistyped ones too", "卡号：6222{d:15}", hint="卡 card pan"),
    rule("iban", r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![A-Za-z0-9])", "ISO 13616", "{iban}", check=checks.iban),
)  # fmt: skip
"""Personal data."""

ADDRESSES = rule("ip", r"(?<![A-Za-z0-9_.])(?:\d{1,3}\.){3}\d{1,3}(?![A-Za-z0-9_]|[.-]\d)|(?<![A-Za-z0-9:.])(?:[0-9A-Fa-f]{1,4}:){2,7}(?::?[0-9A-Fa-f]{1,4}){1,7}(?![A-Za-z0-9:.])", "RFC 791, RFC 4291", "10.20.3.{d13}", "2001:db8::{hex:4}", check=checks.ip_address, not_after=compiled(r"(?:\bv|version|ver\.?|版本)[ :=]*$", re.I))  # fmt: skip
"""Only with `hide-ips`."""
HOSTS = rule("host", r"(?<![A-Za-z0-9_.@/$-])(?!(?:com|org|net|io|cn)\.[a-z])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:internal|intranet|local|localdomain|lan|corp|home|private|svc|example|test|com|net|org|io|cn|dev|cloud|app|co|uk|de|fr|eu|jp|us|ai|me|info|biz|in|sg|hk|tw)(?![A-Za-z0-9_(-]|\.[A-Za-z0-9])|(?<=://)[a-z0-9][a-z0-9.-]*[a-z0-9]|(?<=@)[a-z0-9][a-z0-9-]*[a-z0-9](?=[:\s]|$)", "RFC 1123", "db-{word}.{word}.internal", "https://{word}-api/health")  # fmt: skip
"""Only with `hide-hosts`."""

RULES: tuple[SecretRule, ...] = (*VENDOR, *TOLD, *PERSONAL)
