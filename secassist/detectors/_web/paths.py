"""Paths that no honest visitor asks for: hidden and left-behind files, web shells, and doors of products with known flaws."""

import re

SENSITIVE = re.compile(
    r"(?:^|/)(?:\.(?!well-known\b|netlify\b|vercel\b|auth\b|vite\b|next\b|nuxt\b|output\b|storybook\b)[a-z][\w-]{1,30}(?:$|[/.~?_-])|"
    r"wp-config\.(?:php[.~_-]|bak|txt|old|save)|(?:config|settings|database|db|backup|dump|credentials"
    r"|secrets)\.(?:php[.~]|ya?ml|ini|sql|bak|"
    r"old|zip|tar|gz|json\.bak|inc)\b|phpinfo\.php|server-(?:status|info)$|actuator/(?:env|heapdump|jolokia"
    r"|gateway|shutdown|logfile)|"
    r"web\.config|id_(?:rsa|dsa|ed25519)|composer\.(?:lock|json)$|package-lock\.json$|docker-compose\.ya?ml"
    r"|\S{1,80}\.(?:bak|swp|swo|sql|old|orig|backup|r?db|mdb|sqlite3?|dbf|kdbx|pem|ppk|pfx|p12|jks|keystore|dmp|conf|cfg|ini|inc)$"
    r"|\S{1,80}\.\w{2,6}~(?:$|/)|"
    r"phpmyadmin|pma/|adminer|manager/html|jmx-console|web-console|cgi-bin/(?:\S{0,40}\.(?:sh|cgi|pl)|php)"
    r"|_ignition/|telescope/requests|"
    r"debug/default/view|owa/auth|autodiscover/autodiscover\.json$|ecp/|geoserver/wfs|solr/admin"
    r"|wp-json/wp/v2/users|xmlrpc\.php|boaform|wp-content/(?:debug|errors?)\.log|"
    r"hnap1|setup\.cgi|login\.cgi|goform/|etc/passwd(?:$|[^\w-])|proc/(?:self|interrupts|version|cpuinfo|mounts))"
)
"""Lower-case decoded paths of files that are configuration, source control, backups or administration."""
WEB_SHELL = re.compile(
    r"(?:^|/)(?:c99|r57|wso\d?|b374k|alfa(?:cgiapi|_data)?|weevely|chopper|cmdasp|aspxspy|antsword|behinder"
    r"|godzilla|webshell|shell|cmd|"
    r"jspspy|backdoor|tunnel|reduh|indoxploit|mini|up(?:load)?er?shell|x|z|1|a|ws|mar|marijuana|k4)\.(?:php\d?"
    r"|phtml|aspx?|ashx|jspx?|cfm)"
)
"""Names under which web shells are left behind."""
PROBE = re.compile(
    r"(?:^|/)(?:"
    r"mifs/(?:aad|asfv3|rs)/|cfide/(?:wizards|adminapi|componentutils)|setupwizard\.aspx|telerik\.web\.ui\.dialoghandler"
    r"|mgmt/(?:tm/util/bash|shared/authn)|php/ztp_gate\.php|remote/fgt_lang|cli\?remoting|toolbox-resource/"
    r"|internal/v2/config/mps_secret|nmc/rpc/log_getfile|console/api/remote-files/http|_profiler/(?:phpinfo|open)|app_dev\.php"
    r"|setup/setup\w{3,30}\.action|server-info\.action|pages/createpage-entervariables|template/aui/text-inline"
    r"|webtools/control/(?:xmlrpc|\S{1,40}/programexport)|wls-wsat/|_async/async|invoker/(?:readonly|jmx)|gponform/|luci/;stok"
    r"|cgi-bin/(?:jarrewrite|mainfunction|supervisor|nobody|authlogin|kerbynet|viewcert|account_mgr|\.%)\S{0,20}"
    r"|api/v1/totp/user-backup-code|w00tw00t|core/skin/login\.aspx|ui/vropspluginui|catalog-portal/ui/oauth"
    r"|_layouts/1[56]/toolpane|wp-content/plugins/\S{0,60}/(?:readme\.txt|connector\S{0,12}\.php)"
    r"|wp-content/uploads/\S{0,80}\.(?:php\d?|phtml|phar)|wp-admin/(?:install|setup-config)\.php"
    r"|axis2\S{0,20}/(?:services/listservices|axis2-admin)|php/server/util\.php|api/mcp/connect|lfm\.php|timthumb\.php|revslider"
    r"|appscan_fingerprint|nessus\S{0,3}is\S{0,3}probing|acunetix|rfiinc\.txt|netsparker"
    r"|jars/upload$|druid/indexer/v1/sampler|weaver/bsh\.servlet|bsh\.servlet\.bshservlet|tmui/login\.jsp/|vpns/portal/scripts"
    r"|api/v2/cmdb/system/admin|ws_utc/(?:begin|config|resources)|ecp/\S{1,30}\.(?:flt|js|css)$|functionrouter$|v1/agent/service/register"
    r"|_users/org\.couchdb\.user|securityrealm/user/admin/descriptorbyname|descriptorbyname/\S{1,80}/(?:checkscript|compile)"
    r"|shell\?cd|board\.cgi$|picsdesc\.xml|wanipcn\.xml|tmunblock\.cgi|hedwig\.cgi|nas_sharing\.cgi|device\.rsp$|ud/act$"
    r"|rest/tinymce/1/macro/preview|doenterpagevariables\.action|servlet/gadgets/makerequest|api/console/api_server|moveitisapi\.dll"
    r"|guestaccess\.aspx|goanywhere/lic/accept|faspex/package_relay|api/v1/validate/code|crowd/admin/uploadplugin|metadatauploader$"
    r"|app/rest/users/id:1/tokens|hax;?\.(?:jsp|cfm)|hax/\.\.cfide|cgi-bin/(?:jarrewrite|downloader|config\.exp|execcmd|cosh)\S{0,20}"
    r"|sslvpn/sslvpnclient|sonicos/api|cslu/v1|webui_wsma_http|geoserver/(?:ows|wms)/?$|examples/jsp/snp|struts2-\S{0,30}/|invokefunction"
    r"|solr/\S{1,40}/(?:dataimport|config|debug/dump)|nacos/v1/auth/users|api/jsonws/invoke|eval-stdin\.php|wp-config\.php\S{0,20}~"
    r")|\.\.;/|;/\.\.|/index\.php/php_value|\.php/\.js\.map$|\.php\?\.php/"
)
"""Lower-case decoded paths of published attacks that a product's own users do not ask for, and path tricks (`..;/`)."""
GRAPHQL = re.compile(
    r"\b__schema\b.{0,200}\b(?:types|querytype|mutationtype|directives)\b|\b__type\s{0,3}\(\s{0,3}name", re.S
)
"""A question for the whole schema of a GraphQL service."""
SPLIT = re.compile(
    r"\r?\n\r?\n\s{0,3}<|[\u560a\u560d][a-z][\w-]{1,30}\s{0,3}:"
    r"|[\r\n]\s{0,3}[a-z][\w-]{1,30}\s{0,3}:\s{0,3}\S|[\r\n]\S{0,60}="
)
"""A line break that begins a header or a parameter of its own."""
UPLOAD = re.compile(
    r"\.\s{0,3}(?:php\d?|phtml|phar|jspx?|aspx?|cgi)\s{0,3}\.\s{0,3}(?:jpe?g|gif|png|txt|pdf|bmp|svg)$"
    r"|\.\s?(?:php\d{0,3}|phps|phpt|phtml|phar|pht|jspx?|jspf|jsw|aspx?|ashx|asmx|cer|asa|cgi|htaccess|user\.ini|war)[.\s/\\]{0,40}$"
    r"|(?:^|[/\\])sess_[\w,-]{16,}$|(?:^|[/\\])(?:\.(?:boto|env|htpasswd|ssh|aws|git\w{0,12}|npmrc|netrc)|wp-config[\w.-]{0,20})$"
    r"|^\\\\[\w.-]{3,80}\\"
)
"""Lower-case file names that a server might run, read as its own configuration or session, or fetch from another host."""
_PAGE = re.compile(r"(?:^|/)[\w%~+-]{0,80}(?:\.(?:html?|css|m?js|map|png|jpe?g|gif|svg|ico|webp|woff2?|pdf|txt))?/?$")
"""The end of a path that a visitor's browser asks for: a page, or a file that pages are made of."""
_SYSTEM = re.compile(r"(?:^|/)(?:etc|proc|sys|root|boot|windows|winnt|web-inf|meta-inf|\.\w+)(?:/|$)")
"""Folders of a system or of a server's own, by whatever way they are asked for."""


def climbs(asked: str, plain: str) -> bool:
    """Whether a path with `/../` in it leads out of the site, hides how it climbs, or does not end at a page.

    `asked` is the path as it was sent, `plain` the same decoded; dots within the site, as in `/docs/../about`, are
    what a link that was put together leaves behind.
    """
    if "/../" not in asked:
        return True
    depth = 0
    for part in plain.partition("?")[0].strip("/").split("/"):
        depth += -1 if part == ".." else part not in ("", ".")
        if depth < 0:
            return True
    target = plain.partition("?")[0]
    return bool(_SYSTEM.search(target)) or not _PAGE.search(target)
