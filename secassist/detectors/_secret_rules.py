"""Which strings are credentials of which provider: data only, in the order of trust; the engine is in `_secret_scan`."""
# ruff: noqa: E501 - a pattern is easier to check in one piece

import re
from dataclasses import dataclass

from schemas import Severity


@dataclass(frozen=True)
class SecretRule:
    """One provider's format.

    `literals`: at least one stands in every match (case-sensitive); the text is read where one stands, or all of it if
    there are none. A match begins at the literal, or `back` characters before it, `slack` of these more or less needed. `pattern`: bounded, so linear;
    group 1 is the value if there is one. `probe`: RE2 expression that any text with a match contains, sharper than the
    literals ("" for these alone). `certain`: prefix, length and charset settle it. `check`: name of a checksum in
    `_secret_checks` that decides, "" for none. `entropy`: least bits per character.
    """

    type: str
    literals: tuple[str, ...]
    pattern: re.Pattern[str]
    certain: bool = True
    check: str = ""
    entropy: float = 2.5
    severity: Severity = Severity.HIGH
    probe: str = ""
    back: int = 0
    slack: int = 0


def _sure(
    name: str, literals: str, pattern: str, check: str = "", probe: str = "", back: int = 0, slack: int = 0
) -> SecretRule:
    return SecretRule(
        name, tuple(literals.split()), re.compile(pattern), True, check, probe=probe, back=back, slack=slack
    )


def _maybe(
    name: str,
    literals: str,
    pattern: str,
    severity: Severity = Severity.MEDIUM,
    probe: str = "",
    back: int = 0,
    slack: int = 0,
) -> SecretRule:
    compiled = re.compile(pattern)
    return SecretRule(
        name, tuple(literals.split()), compiled, False, severity=severity, probe=probe, back=back, slack=slack
    )


_UUID = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"

RULES: tuple[SecretRule, ...] = (
    # cloud
    _sure("aws-access-key", "AKIA ASIA ABIA ACCA", r"A(?:KIA|SIA|BIA|CCA)[A-Z2-7]{16}"),
    _maybe("aws-access-key", "AKIA ASIA", r"A(?:KIA|SIA)[A-Z0-9]{16}", Severity.HIGH),
    _sure("aws-bedrock-key", "ABSK", r"ABSK[A-Za-z0-9+/]{109,269}={0,2}"),
    _sure("gcp-api-key", "AIza", r"AIza[0-9A-Za-z_-]{35}"),
    _sure("gcp-oauth-token", "ya29.", r"ya29\.[0-9A-Za-z_-]{30,400}"),
    _sure("gcp-oauth-secret", "GOCSPX-", r"GOCSPX-[0-9A-Za-z_-]{28}"),
    _maybe("gcp-refresh-token", "1//0", r"1//0[0-9A-Za-z_-]{40,120}"),
    _sure("azure-storage-key", "AccountKey=", r"AccountKey=([A-Za-z0-9+/]{86}==)"),
    _sure("azure-shared-access-key", "SharedAccessKey=", r"SharedAccessKey=([A-Za-z0-9+/]{42,64}=)"),
    _sure("azure-ad-client-secret", "Q~", r"[A-Za-z0-9_~.\-]{3}[0-9]Q~[A-Za-z0-9_~.\-]{31,34}", probe=r"[0-9]Q~[A-Za-z0-9_~.-]{31}", back=4),
    _sure("azure-sas-signature", "sig=", r"[?&]sig=([A-Za-z0-9%+/]{43,80}(?:%3[dD]|=))", probe=r"[?&]sig=[A-Za-z0-9%+/]{43}", back=1),
    _sure("azure-devops-token", "AZDO", r"[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}", probe="AZDO[A-Za-z0-9]{4}", back=76),
    _sure("azure-container-registry-key", "+ACR", r"[A-Za-z0-9+/]{42}\+ACR[A-D][A-Za-z0-9]{5}", back=42),
    _sure("alibaba-access-key", "LTAI", r"LTAI[A-Za-z0-9]{12,24}"),
    _sure("tencent-secret-id", "AKID", r"AKID[A-Za-z0-9]{32}"),
    _sure("baidu-api-key", "bce-v3/", r"bce-v3/ALTAK-[A-Za-z0-9]{21}/[0-9a-f]{40}"),
    _maybe("volcengine-access-key", "AKLT", r"AKLT[A-Za-z0-9_-]{40,64}"),
    _maybe("oracle-ocid-key", "-----BEGIN", r"-----BEGIN OCI [A-Z ]{3,30}-----", probe="-----BEGIN OCI "),
    _sure("ibm-cloud-key", "ibm IBM", r"(?:ibm|IBM)[\w .-]{0,30}[kK][eE][yY][\"']?\s{0,3}[:=]{1,2}\s{0,3}[\"']?([A-Za-z0-9_-]{44})"),
    _sure("digitalocean-token", "dop_v1_ doo_v1_ dor_v1_", r"do[opr]_v1_[a-f0-9]{64}"),
    _sure("heroku-key", "HRKU-", r"HRKU-[A-Za-z0-9_-]{36,70}"),
    _sure("cloudflare-origin-ca-key", "v1.0-", r"v1\.0-[a-f0-9]{24}-[a-f0-9]{146}"),
    _sure("cloudflare-token", "cfut_ cfat_ cfk_", r"cf(?:ut|at|k)_[A-Za-z0-9]{48}"),
    _sure("flyio-token", "fm1r_ fm2_ fm1a_ fo1_", r"(?:fm1r|fm1a|fm2)_[A-Za-z0-9+/=,_]{100,600}|fo1_[\w-]{43}"),
    _sure("vercel-token", "vcp_ vci_ vca_ vck_", r"vc[piack]_[A-Za-z0-9]{56}"),
    _sure("netlify-token", "nfp_ nfc_ nfo_", r"nf[pcoubm]_[A-Za-z0-9_]{36}"),
    _sure("supabase-token", "sbp_ sb_secret_", r"sbp_[a-f0-9]{40}|sb_secret_[A-Za-z0-9_-]{31}"),
    _sure("planetscale-token", "pscale_", r"pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.=-]{32,64}"),
    _sure("databricks-token", "dapi", r"dapi[a-f0-9]{32}(?:-[0-9])?"),
    _sure("pulumi-token", "pul-", r"pul-[a-f0-9]{40}"),
    _sure("terraform-token", ".atlasv1.", r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,70}", back=14),
    _sure("vault-token", "hvs. hvb.", r"hvs\.[A-Za-z0-9_-]{90,300}|hvb\.[A-Za-z0-9_-]{138,300}"),
    _maybe("vault-token", "hvs. hvb. hvr.", r"hv[sbr]\.[A-Za-z0-9_-]{24,300}"),
    _sure("doppler-token", "dp.", r"dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[a-z0-9_-]{2,35}\.)?[A-Za-z0-9]{40,44}"),
    _sure("onepassword-token", "ops_eyJ", r"ops_eyJ[A-Za-z0-9_=-]{200,2000}"),
    _sure("onepassword-key", "A3-", r"A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}"),
    _sure("age-secret-key", "AGE-SECRET-KEY-1", r"AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}"),
    _sure("tailscale-key", "tskey-", r"tskey-[a-z]{2,12}-[A-Za-z0-9]{8,20}-[A-Za-z0-9]{20,64}"),
    # code hosting and packages
    _sure("github-token", "ghp_ gho_ ghu_ ghs_ ghr_", r"gh[pousr]_[A-Za-z0-9]{36}", check="crc32_base62"),
    _maybe("github-token", "ghs_", r"ghs_[A-Za-z0-9]{1,20}_eyJ[\w.\-]{40,2000}+", Severity.HIGH),
    _sure("github-fine-grained-token", "github_pat_", r"github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}"),
    _sure("gitlab-token", "glpat- gldt- glrt- glft- glimt- glsoat-", r"gl(?:pat|dt|rt|ft|imt|soat)-(?:[A-Za-z0-9_-]{20}|[A-Za-z0-9_-]{27,300}\.[0-9a-z]{2}\.[0-9a-z]{7,9})(?![A-Za-z0-9_-])"),
    _sure("gitlab-token", "glagent- gloas- glcbt- glffct- glwt- glrtr-", r"glagent-[A-Za-z0-9_-]{50}|gloas-[A-Za-z0-9_-]{64}|glcbt-[0-9a-f]{1,5}_[A-Za-z0-9_-]{20}|gl(?:ffct|wt|rtr)-[A-Za-z0-9_-]{20,64}"),
    _maybe("gitlab-session", "_gitlab_session=", r"_gitlab_session=([0-9a-f]{32})"),
    _sure("gitlab-trigger-token", "glptt- GR1348941", r"glptt-[a-f0-9]{40}|GR1348941[A-Za-z0-9_-]{20}"),
    _sure("bitbucket-app-password", "ATBB", r"ATBB[A-Za-z0-9]{24}[A-F0-9]{8}"),
    _sure("atlassian-token", "ATATT3 ATCTT3", r"AT[AC]TT3[A-Za-z0-9_=-]{50,240}"),
    _sure("npm-token", "npm_", r"npm_[A-Za-z0-9]{36}", check="crc32_base62"),
    _maybe("npm-token", "_authToken", rf"_authToken\s?=\s?[\"']?({_UUID})"),
    _sure("pypi-token", "pypi-AgE", r"pypi-AgE[A-Za-z0-9_-]{50,400}"),
    _sure("rubygems-key", "rubygems_", r"rubygems_[a-f0-9]{48}"),
    _sure("nuget-key", "oy2", r"oy2[a-p][a-z0-9]{15}[aq][a-z0-9]{11}[eu][bdfhjlnprtvxz357][a-p][a-z0-9]{11}[aeimquy4]", probe="oy2[a-z0-9]{43}"),
    _maybe("nuget-key", "oy2", r"oy2[a-z0-9]{43}", probe="oy2[a-z0-9]{43}"),
    _sure("cargo-token", "cio", r"cio[A-Za-z0-9]{32}", probe="cio[A-Za-z0-9]{32}"),
    _sure("clojars-token", "CLOJARS_", r"CLOJARS_[a-z0-9]{60}"),
    _sure("docker-token", "dckr_pat_ dckr_oat_", r"dckr_[po]at_[A-Za-z0-9_-]{27,64}"),
    _maybe("artifactory-key", "AKC", r"AKC[A-Za-z0-9]{10,100}", probe="AKC[A-Za-z0-9]{10}"),
    _sure("artifactory-reference-token", "cmVmdGtu", r"cmVmdGtu[A-Za-z0-9]{56}"),
    _sure("sonarqube-token", "squ_ sqp_ sqa_", r"sq[upa]_[a-f0-9]{40}"),
    _sure("circleci-token", "CCIPAT_ CCIPRJ_", r"CCIP(?:AT|RJ)_[A-Za-z0-9]{16,24}_[a-f0-9]{40}"),
    _sure("buildkite-token", "bkua_", r"bkua_[a-z0-9]{40}"),
    _sure("postman-key", "PMAK-", r"PMAK-[a-f0-9]{24}-[a-f0-9]{34}"),
    _sure("sentry-token", "sntrys_ sntryu_", r"sntrys_eyJ[A-Za-z0-9+/=_-]{80,400}|sntryu_[a-f0-9]{64}"),
    _sure("grafana-token", "glsa_ glc_ey", r"glsa_[A-Za-z0-9]{32}_[a-fA-F0-9]{8}|glc_ey[A-Za-z0-9+/=]{32,400}"),
    _maybe("grafana-key", "eyJrIjoi", r"eyJrIjoi[A-Za-z0-9_=-]{42,400}"),
    _sure("sourcegraph-token", "sgp_", r"sgp_(?:[a-fA-F0-9]{16}_|local_)?[a-fA-F0-9]{40}"),
    _sure("posthog-key", "phx_ phs_ phr_ pha_", r"ph[xsra]_[A-Za-z0-9_-]{43,64}"),
    _maybe("twitch-stream-key", "live_", r"live_[0-9]{8,10}_[A-Za-z0-9]{30}"),
    _sure("intra42-secret", "s-s4t2", r"s-s4t2(?:ud|af)-[a-f0-9]{64}"),
    _sure("linear-key", "lin_api_", r"lin_api_[A-Za-z0-9]{40}"),
    _sure("notion-token", "ntn_ secret_", r"ntn_[0-9]{9}[A-Za-z0-9]{37}|secret_[A-Za-z0-9]{43}", probe="ntn_[0-9]{9}|secret_[A-Za-z0-9]{43}"),
    _sure("airtable-token", "pat", r"pat[A-Za-z0-9]{14}\.[a-f0-9]{64}", probe=r"pat[A-Za-z0-9]{14}\.[a-f0-9]"),
    _sure("figma-token", "figd_", r"figd_[A-Za-z0-9_-]{38,44}"),
    _sure("launchdarkly-key", "sdk- mob- api-", rf"(?:sdk|mob|api)-{_UUID}", probe="(?:sdk|mob|api)-[0-9a-f]{8}-[0-9a-f]{4}-"),
    # messages and mail
    _sure("slack-token", "xoxb- xoxp- xoxa- xoxr- xoxs- xoxo-", r"xox[baprso]-(?:[0-9]{1,2}-)?[0-9]{6,14}-[A-Za-z0-9-]{14,200}"),
    _maybe("slack-token", "xoxb- xoxp- xoxa- xoxe-", r"xox[bpae]-[A-Za-z0-9]{6,14}-[A-Za-z0-9-]{14,200}"),
    _sure("slack-app-token", "xapp-", r"xapp-[0-9]-[A-Z0-9]{6,14}-[0-9]{8,14}-[a-f0-9]{64}"),
    _sure("slack-config-token", "xoxe", r"xoxe(?:\.xox[bp])?-[0-9]-[A-Za-z0-9]{140,180}"),
    _sure("slack-webhook", "hooks.slack.com", r"hooks\.slack\.com/((?:services|workflows|triggers)/[A-Za-z0-9]{6,14}/[A-Za-z0-9]{6,14}/[A-Za-z0-9/]{20,64})"),
    _sure("teams-webhook", "webhook.office.com outlook.office.com", rf"(?:webhook|outlook)\.office\.com/(webhook[a-z0-9]{{0,2}}/{_UUID}@{_UUID}/IncomingWebhook/[a-z0-9]{{32}}/{_UUID})"),
    _sure("discord-webhook", "discord", r"discord(?:app)?\.com/api/webhooks/([0-9]{17,20}/[A-Za-z0-9_-]{60,80})"),
    _sure("discord-bot-token", "", r"[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40}", probe=r"[A-Za-z0-9_-]{4}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{12}"),
    _sure("telegram-bot-token", ":AA", r"[0-9]{8,10}:AA[A-Za-z0-9_-]{32,33}", probe="[0-9]{4}:AA[A-Za-z0-9_-]{12}", back=10, slack=2),
    _sure("telegram-bot-token", "/bot", r"/bot([0-9]{8,10}:AA[A-Za-z0-9_-]{32,33})", probe=r"/bot[0-9]{8,10}:AA"),
    _sure("dingtalk-webhook", "robot/send?access_token=", r"robot/send\?access_token=([0-9a-f]{64})"),
    _sure("dingtalk-signing-key", "SEC", r"SEC[0-9a-f]{64}", probe="SEC[0-9a-f]{64}"),
    _sure("wecom-webhook", "qyapi.weixin.qq.com", rf"qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=({_UUID})"),
    _sure("feishu-webhook", "open.feishu.cn open.larksuite.com", rf"open\.(?:feishu\.cn|larksuite\.com)/open-apis/bot/(?:v2/)?hook/({_UUID})"),
    _sure("twilio-key", "SK", r"SK[0-9a-fA-F]{32}", probe="SK[0-9a-fA-F]{32}"),
    _sure("sendgrid-key", "SG.", r"SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}"),
    _sure("mailgun-key", "key- pubkey-", r"(?:pub)?key-[a-f0-9]{32}", probe="key-[a-f0-9]{32}"),
    _maybe("mailgun-key", "", r"[a-f0-9]{32}-[a-f0-9]{8}-[a-f0-9]{8}(?![\w-])", Severity.HIGH, probe="[a-f0-9]{8}-[a-f0-9]{8}-[a-f0-9]{8}"),
    _sure("mailchimp-key", "-us", r"[0-9a-f]{32}-us[0-9]{1,2}", probe="[0-9a-f]{4}-us[0-9]", back=32),
    _sure("brevo-key", "xkeysib-", r"xkeysib-[a-f0-9]{64}-[A-Za-z0-9]{16}"),
    # money and trade
    _sure("stripe-key", "sk_live_ rk_live_ sk_prod_ rk_prod_", r"[sr]k_(?:live|prod)_[A-Za-z0-9]{16,120}"),
    _maybe("stripe-test-key", "sk_test_ rk_test_", r"[sr]k_test_[A-Za-z0-9]{16,120}", Severity.LOW),
    _sure("stripe-webhook-secret", "whsec_", r"whsec_[A-Za-z0-9+/=]{32,64}"),
    _sure("square-token", "sq0atp- sq0csp-", r"sq0(?:atp-[A-Za-z0-9_-]{22}|csp-[A-Za-z0-9_-]{43})"),
    _maybe("square-token", "EAAA", r"EAAA[A-Za-z0-9_-]{60,64}", Severity.HIGH),
    _sure("paypal-braintree-token", "access_token$", r"access_token\$(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32}"),
    _sure("shopify-token", "shpat_ shpca_ shppa_ shpss_ shptka_", r"shp(?:at|ca|pa|ss|tka)_[a-fA-F0-9]{32}"),
    _sure("plaid-token", "access-", rf"access-(?:sandbox|development|production)-{_UUID}"),
    _sure("duffel-token", "duffel_", r"duffel_(?:test|live)_[A-Za-z0-9_=-]{43}"),
    _sure("easypost-token", "EZAK EZTK", r"EZ[AT]K[A-Za-z0-9]{54}"),
    _maybe("facebook-token", "EAA", r"EAA[MC][A-Za-z0-9]{60,300}", Severity.HIGH, probe="EAA[MC][A-Za-z0-9]{60}"),
    _maybe("facebook-app-token", "|", r"[0-9]{13,17}\|[A-Za-z0-9_-]{27}(?![\w-])", Severity.HIGH, probe=r"[0-9]{6}\|[A-Za-z0-9_-]{12}", back=17, slack=4),
    _maybe("instagram-token", "IGQV", r"IGQV[A-Za-z0-9_-]{60,300}", Severity.HIGH),
    _maybe("twitter-bearer-token", "AAAAAAAAAA", r"A{20,24}[A-Za-z0-9%]{60,100}", Severity.HIGH),
    # monitoring
    _sure("new-relic-key", "NRAK- NRII- NRIQ- NRRA- NRJS- NRBR-", r"NR(?:AK|II|IQ|RA)-[A-Za-z0-9_-]{24,42}|NR(?:JS|BR)-[a-f0-9]{19}"),
    _sure("new-relic-license", "NRAL", r"[a-f0-9x]{36}NRAL|eu01xx[a-f0-9]{30}NRAL|[a-f0-9]{32}FFFFNRAL|eu01x[a-f0-9]{30,33}NRAL", probe="[a-f0-9xF]{2}NRAL", back=38, slack=6),
    _sure("dynatrace-token", "dt0", r"dt0[a-z][0-9]{2}\.[A-Z0-9]{24}\.[A-Z0-9]{64}"),
    _maybe("pagerduty-key", "u+ y_", r"(?:u\+|y_)[A-Za-z0-9_-]{18}(?![\w-])", probe=r"(?:\bu\+|\by_)[A-Za-z0-9_-]{18}(?:[^\w-]|$)"),
    # language models
    _sure("anthropic-key", "sk-ant-", r"sk-ant-(?:api|admin|sid|oat|ort)[0-9]{2}-[A-Za-z0-9_-]{80,120}"),
    _sure("openai-key", "sk-", r"(?<!-)sk-[A-Za-z0-9_-]{20,110}?T3BlbkFJ[A-Za-z0-9_-]{20,100}", probe="T3BlbkFJ"),
    _sure("openrouter-key", "sk-or-v1-", r"sk-or-v1-[0-9a-f]{64}"),
    _maybe("openai-compatible-key", "sk-", r"(?<!-)sk-(?:[A-Za-z0-9]{48}|[a-f0-9]{32}|[a-z]{2,8}-[A-Za-z0-9_-]{32,160})", Severity.HIGH, probe=r"sk-(?:[A-Za-z0-9]{32}|[a-z]{2,8}-[A-Za-z0-9_-]{32})"),
    _sure("huggingface-token", "hf_ api_org_", r"(?:hf|api_org)_[A-Za-z]{34}", probe="(?:hf|api_org)_[A-Za-z]{34}"),
    _sure("groq-key", "gsk_", r"gsk_[A-Za-z0-9]{52}"),
    _sure("perplexity-key", "pplx-", r"pplx-[A-Za-z0-9]{48}"),
    _sure("replicate-token", "r8_", r"r8_[A-Za-z0-9_-]{37}"),
    _sure("xai-key", "xai-", r"xai-[A-Za-z0-9_-]{70,85}"),
    _sure("together-key", "tgp_v1_", r"tgp_v1_[A-Za-z0-9_-]{43}"),
    _sure("tavily-key", "tvly-", r"tvly-(?:dev-|prod-)?[A-Za-z0-9]{32}"),
    _sure("langsmith-key", "lsv2_", r"lsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}"),
    _sure("llamacloud-key", "llx-", r"llx-[A-Za-z0-9_-]{48}"),
    _maybe("wundergraph-key", "cosmo_", r"cosmo_[0-9a-f]{32}"),
    # work tools
    _sure("typeform-token", "tfp_", r"tfp_[A-Za-z0-9_-]{40,64}"),
    _sure("teamwork-token", "tkn.v1_", r"tkn\.v1_[A-Za-z0-9+/=_-]{60,100}"),
    _sure("ionic-token", "ion_", r"ion_[A-Za-z0-9]{42}", probe="ion_[A-Za-z0-9]{42}"),
    _sure("shippo-token", "shippo_live_ shippo_test_", r"shippo_(?:live|test)_[a-fA-F0-9]{40}"),
    _sure("readme-key", "rdme_", r"rdme_[a-z0-9]{70}"),
    _sure("sourcegraph-cody-key", "slk_", r"slk_[a-f0-9]{64}"),
    _sure("prefect-key", "pnu_ pnb_", r"pn[ub]_[A-Za-z0-9]{36}"),
    _sure("pagarme-key", "ak_live_ ak_test_", r"ak_(?:live|test)_[A-Za-z0-9]{30}"),
    _maybe("ubidots-token", "BBFF- BBUS-", r"BB(?:FF|US)-[A-Za-z0-9]{28,36}"),
    _maybe("salesforce-token", "00D", r"00D[A-Za-z0-9]{9,15}![A-Za-z0-9._]{80,260}", Severity.HIGH, probe="00D[A-Za-z0-9]{9,15}!"),
    _maybe("nats-seed", "S", r"S[ACNOUX][A-Z2-7]{56}(?![A-Z2-7])", Severity.HIGH, probe=r"(?:^|[^A-Z2-7])S[ACNOUX][A-Z2-7]{12}"),
    # private keys without their frame: DER of RSA and PKCS #8 keys (SEQUENCE, INTEGER 0), OpenSSH's magic, PuTTY's lines
    _maybe("private-key", "MII", r"MII[A-Za-z0-9+/]{2}[AQgw]IB(?:AAKC|AAJB|ADAN)[A-Za-z0-9+/=]{64,8000}+", Severity.CRITICAL, probe="MII[A-Za-z0-9+/]{2}[AQgw]IB(?:AAKC|AAJB|ADAN)"),
    _maybe("private-key", "b3BlbnNzaC1rZXktdjE", r"b3BlbnNzaC1rZXktdjE[A-Za-z0-9+/=]{64,8000}+", Severity.CRITICAL),
    _maybe("private-key", "Private-Lines:", r"Private-Lines: [0-9]{1,3}\r?\n((?:[A-Za-z0-9+/=]{4,64}\n){2,100})", Severity.CRITICAL),
    _sure("adafruit-key", "aio_", r"aio_[A-Za-z0-9]{28}"),
    # standards
    _sure("jwt", "eyJ", r"(?<![\w-])eyJ[\w-]{10,4000}+={0,2}\.eyJ[\w-]{6,8000}+={0,2}\.[A-Za-z0-9_-]{10,800}", check="jwt", probe=r"eyJ[\w-]+={0,2}\.eyJ"),
    _maybe("jwt", "eyJ", r"(?<![\w-])eyJ[\w-]{16,4000}+={0,2}\.[\w-]{16,8000}+={0,2}(?:\.[A-Za-z0-9_-]{0,800})?", probe=r"eyJ[\w-]+={0,2}\.[\w-]{16}"),
    _maybe("mapbox-token", "sk.eyJ tk.eyJ", r"[st]k\.eyJ[\w-]{30,400}+\.[\w-]{20,32}", Severity.HIGH),
    _maybe("django-secret-key", "django-insecure-", r"django-insecure-[^\s\"']{40,80}"),
    _maybe("password-hash", "$krb5 $8$ $9$", r"\$krb5[a-z]{2,8}\$[^\s\"']{40,4000}+|\$[89]\$[./A-Za-z0-9]{14}\$[./A-Za-z0-9]{43}"),
    _maybe("password-hash", "$2 $6$ $5$ $1$ $argon2 $apr1$", r"\$2[abxy]\$[0-9]{2}\$[./A-Za-z0-9]{53}|\$(?:1|5|6|apr1)\$(?:rounds=[0-9]{1,9}\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{22,86}|\$argon2[id]{1,2}\$[^\s\"']{30,200}"),
)  # fmt: skip
