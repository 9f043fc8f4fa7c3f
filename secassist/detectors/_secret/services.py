"""Services whose keys have no prefix of their own: what their keys look like where the vendor says so; data only."""

from dataclasses import dataclass
from functools import cache
from re import Pattern
from re import compile as compiled

from secassist.detectors._secret.macros import expanded

_SHAPED = """
abuseipdb  @h{80}
adyen  AQE@w{5}@s{40,400}
airtable  key@w{14}
algolia  @h{32}
amplitude  @h{32}
appcenter  @h{40}
assemblyai  @h{32}
atlassian  @w{24}
auth0  @b{64}
azuredevops  [a-z2-7]{52}
ado_pat  [a-z2-7]{52}
ado_token  [a-z2-7]{52}
vsts  [a-z2-7]{52}
baseten  @w{8}\\.@w{32}
beamer *  b_[A-Za-z0-9=_-]{44}
binance  @w{64}
bitbucket  @w{20,44}|@b{64}
bluesky  [a-z2-7]{4}(?:-[a-z2-7]{4}){3}
bsky  [a-z2-7]{4}(?:-[a-z2-7]{4}){3}
box *  @w{32}
browserstack  @w{20}
bugsnag  @h{32}
censys  @w{32}
circleci  @h{40}
civo  @w{50}
codacy  @w{20}|@h{32}
codecov  @U|@h{32}
codefresh  @h{24}\\.@h{32}
cohere *  @w{40}
comet *  @w{25}
confluent  @w{16}|@s{64}
cronitor  @h{32}
customerio  @h{20,32}
datadog  @h{40}|@h{32}
dd_api  @h{32}
dd_app  @h{40}
deepgram  @h{40}
deepinfra  @w{32}
dingtalk  @b{64}
discord  @b{32}
dropbox  @a{15}
etsy  @a{24}
facebook  @h{32}
falcon *  @w{40}
fastly  @b{32}
finicity  @h{32}|@a{20}
fossa  @h{32}
gitea  @h{40}
forgejo  @h{40}
codeberg  @h{40}
gitee  @h{32}
getstream  @a{64}
greynoise  @w{64}
hcloud  @w{64}
heroku  @U
infobip  @h{32}-@U
ipinfo  @h{14}
jotform  @h{32}
keycloak  @w{32}|@U
koyeb  @a{64}
linode  @h{64}
logz  @w{32}
loggly  @U
mailjet  @h{32}
messagebird  @w{25}
mistral  @w{32}
mux *  @s{75}
netlify  @b{40,46}
nexmo  @w{16}|@h{8}
vonage  @w{16}|@h{8}
onelogin  @h{64}
okta  00@b{40}
opsgenie  @U
ovh *  @w{32}
pagerduty  @b{20}
particle *  @h{40}
postmark  @U
pushover  [au]@a{29}
qiniu  @b{40}
railway *  @U
readwise  @w{50}
recurly  @h{32}
rollbar  @h{32}
sambanova  @U
scaleway  @U
semaphore *  @b{20,40}
shodan  @w{32}
snyk  @U
sparkpost  @h{40}
splunk  @U
spotify  @h{32}
squarespace  @U
storyblok  @w{22}tt
sumo *  su@w{12}|@w{64}
sumologic  su@w{12}|@w{64}
telegram  @d{8,10}:@b{35}
todoist  @h{40}
travis  @b{22}
trello  @h{32}|@h{64}
twitch  @a{30}
twitter  @w{25}|@w{50}
upstash  [A-Za-z0-9=_-]{40,120}
urlscan  @U
vapi  @U
vercel  @w{24}
virustotal  @h{64}
vultr  [A-Z0-9]{36}
wandb  @h{40}
webflow  @h{64}
wechat  @h{32}
weixin  @h{32}
yandex  @b{39}
zendesk  @w{40}
amap  @h{32}
baidu  @w{24,32}
aliyun  @w{30}
tencent  @w{32}
huawei  [A-Z0-9]{20}|@w{40}
"""
"""One service a line, in lower case, and the shape of a whole key; a star: the name is a word of the language as well."""

_PLAIN = """
    abstractapi accuweather activecampaign adafruit adobe adzuna aftership ahrefs airbrake aircall airship aiven
    akamai alchemy alipay alphavantage amadeus amberdata anthropic apify apigee apilayer apimatic apollo appdynamics
    appfigures appfollow applitools appsflyer appsmith appveyor appwrite arangodb arcgis asana assembla auddit
    autoklose autopilot aviationstack aweber axonaut aylien backblaze baichuan bailian bamboohr bannerbear
    baremetrics basecamp beebole besttime betterstack bigcommerce billomat bitcoinaverage bitfinex bitly bitmex
    bitrise bitwarden blablabus blazemeter blockfrost blocknative bombbomb boostnote borgbase braintree brandfetch
    brightdata browserless bugherd bugly buildkite bulbul bulksms buttercms caflou caiyun calendarific calendly
    campaignmonitor campayn cannyio capsulecrm captaindata carboninterface cashboard caspio census cexio chargebee
    chartmogul chatbot chatfuel checkmarx checkvist chromatic cicero clarifai clearbit clickhelp clickhouse
    clicksend clickup cliengo clinchpad clockify clockworksms closecrm cloudconvert cloudelements cloudflare
    cloudimage cloudinary cloudmersive cloudplan cloudsight cloudsmith cloudways cloverly cloze clustdoc codeclimate
    codemagic codequiry coinapi coinbase coinlayer coinlib coinmarketcap collect2 commercejs companyhub contentful
    contentstack convertkit convier copyscape couchbase countrylayer coveralls craftmypdf cratesio
    crossbrowsertesting crowdin crowdstrike cryptocompare currencycloud currencyfreaks currencylayer currencyscoop
    currentsapi customerguru dailyco dandelion dareboost dashscope databox dataform datagov datarobot datastax
    deepai deepl deepseek delighted detectify detectlanguage dfuse diffbot diggernaut digitalocean dingding directus
    discogs disqus dnscheck documo docusign doppler dotdigital douyin dovico dronahq dwolla dyspatch
    eagleeyenetworks easyinsight ebay ecostruxureit edamam edenai eightxeight elasticemail elasticsearch elevenlabs
    enablex envoyapi etherscan ethplorer eventbrite everhour exchangerate exportsdk extractorapi faceplusplus
    fakejson fastforex feedier feishu fetchrss fibery figma fileio filestack finage finmo finnhub firebase fixerio
    flatio fleetbase flexport flightapi flightlabs flightstats flowflu flutterwave fmfw formbucket formcraft formio
    formsite foursquare frameio freshbooks freshdesk freshservice fullstory fusebill fxmarket gaode gengo geoapify
    geocode geocodify geocodio geoipifi geonames getemail getemails getgeoapi getgist getresponse getsandbox getui
    giphy gitbook gitcode gitguardian github gitlab gitter glassnode glitterly goauth gocanvas gocardless godaddy
    goodday goodreads grafana graphhopper groovehq groq gtmetrix guardianapi gumroad gyazo hackerrank happyscribe
    heatmapapi helicone hellosign helpcrunch helpscout hereapi heweather hiveage holidayapi honeybadger honeycomb
    html2pdf htmlcss hubspot huggingface hybiscus hyperswitch hypertrack iconfinder iexapis iexcloud iflytek
    imagekit imagga imgix imgur infracost infura insightly instabot instamojo integromat intercom interseller
    intra42 intrinio invoiceocean ipapi ipdata ipgeolocation ipify ipinfodb ipquality ipqualityscore ipregistry
    ipstack jdbc jdcloud jenkins jfrog jiratoken jpush juhe jumpcloud kairos kaleyra karmacrm keenio keycdn keygen
    kickbox kingsoft klaviyo klipfolio knapsackpro kontent kraken kuaishou kucoin kylas languagelayer larksuite
    lastfm launchdarkly leadfeeder lemlist lemonsqueezy lendflow lessannoyingcrm lexigram linemessaging linenotify
    linkpreview liveagent livestorm loadmill lob locationiq logdna loginradius lokalise loyverse luno m3o macaddress
    madkudu magicbell mailboxlayer mailchimp mailerlite mailgun mailmodo mailsac mandrill mapbox mapquest
    marketstack mattermost mavenlink maxmind meaningcloud mediastack meistertask meraki mesibo metaapi metrilo
    microsoftteams midise mindmeister minimax mixmax mixpanel mockaroo mojohelpdesk moonclerk moonshot moosend
    moralis mrticktock myexperiment myfreshworks myintervals nasdaqdatalink netcore netease nethunt neutrino
    neutrinoapi newrelic newsapi newscatcher newsdata ngrok nicereply nightfall nitro notion nozbe numverify
    nutritionix nylas nytimes oanda omnisend onedesk onepagecrm onesignal onfleet oopspam openai opencagedata
    opengraphr openrouter openuv openvpn openweather openweathermap optidash optimizely owlbot paddle paperform
    papertrail papyrs parsehub parseur partnerstack paydirt paydirtapp paymo paymongo paypal paystack pdflayer
    pdfshift peopledatalabs pepipost percy perplexity photoroom phraseaccess pinata pinduoduo pinecone pipedream
    pipedrive pivotaltracker pixabay plaid planetscale planyo poloniex polygon postageapp posthog powrbot prefect
    prerender privatbank procore prodpad prospectcrm protocolsio proxycrawl pubnub purestake pushbullet pusher qase
    qcloud qqmap qualaroo quickbase quickmetrics quicknode qweather rapidapi rawg razorpay reachmail readme
    reallysimplesystems rebrandly refiner repairshopr replyio requestfinance resend restpack restpackhtml revampcrm
    ringcentral ritekit rocketlane rocketreach ronglian route4me rownd rudderstack runscope salesblink salescookie
    salesflare salesforce salesloft salesmate satismeter saucelabs scalingo scrapeowl scraperapi scraperbox
    scrapestack scrapfly scrapingant scrapingbee screenshotapi screenshotlayer scrutinizer securitytrails selectpdf
    semaphoreci sendbird sendbirdorg sendgrid sendinblue sendpulse sentinelone sentry serpapi serper serphouse
    serpstack sheety sherpadesk shipday shipengine shippo shopify shotstack showapi shutterstock signalwire
    signaturit signupgenius sigopt siliconflow simfin simplesat simplynoted simvoly sinch sirv skrappio skybiometry
    slack slideshare smartsheet smartsheets smartystreets smooch snipcart snovio snowflake softlayer solcast
    sonarcloud sonarqube sourcegraph speechtext splunkobservability spoonacular sportsmonk squareup sslmate
    stackoverflow statuscake statuspage statuspal stepfun stitchdata stockdata storecove stormboard stormglass
    storychief strava stripe stripo stytch submail sugester sumologic supabase superfeedr supernotes surveyanyplace
    surveybot surveysparrow survicate swiftype tailscale taobao tavily taxjar teambition teamgate teamworkcrm
    teamworkdesk teamworkspaces technicalanalysisapi tefter telesign telnyx tenor terraform testingbot textmagic
    theoddsapi thingsboard thinkific thousandeyes tianapi tianditu ticketmaster tickettailor tiingo timecamp
    timezoneapi tmdb tmetric tomorrowio tomtom toutiao tradier transferwise travelpayouts travisci truenas
    trufflehog twelvedata twilio tyntec typeform typetalk ubidots uclassify ucloud umeng unifyid unplugg unsplash
    upcdatabase uplead uploadcare uptimerobot upwave urbanairship userflow userstack uservoice vagrantcloud vatlayer
    vbout verifier verimail veriphone versioneye viewneo virtualpbx visualcrossing voicegain volcengine voodoosms
    vouchery vpnapi vyte waboxapp wakatime walkscore wavefront weatherapi weatherbit weatherstack webex webscraper
    webscraping weibo wepay whoxy wistia woocommerce wootric workable workato workday workiz worksnaps
    worldcoinindex worldweather wrike xero xfyun xiaohongshu yahoofinance yelp yext youdao youneedabudget yousign
    youtube yunpian yunxin yuque zapier zapiernla zenkit zenrows zenscrape zenserp zeplin zerobounce zerotier zhipu
    zilliz zipapi zipbooks zipcodeapi zipcodebase zixflow zoho zonkafeedback zoominfo zulip
"""
"""Named where a long random word or a GUID that follows is a key, even without a word that says so."""

_ORDINARY = """
    agora bingmaps blogger bubble clicktime cobalt commodities copper deputy discourse ditto drone elastic
    enigma eraser facetoface findl fixer flickr gemini graphcms harvest holistic humanity hunter impala juro kanban
    linearapi magnetic moderation nimble noticeable orbit overloop parallel parsers pastebin pivotal planview plivo
    podio postbacks postman puppet quip recurly redshift remotive roaring segment sentiment shortcut signable
    sonar streak surge swell tableau twist wiz zeta zoom
"""
"""The same for names that are words of the language: only where a word for a credential stands between."""


@dataclass(frozen=True)
class Service:
    """`shape` matches a whole key, or is None where nothing is known; `ordinary`: its name is a word of the language."""

    name: str
    shape: Pattern[str] | None = None
    ordinary: bool = False


@cache
def services() -> dict[str, Service]:
    """All of them by name."""
    found = {name: Service(name) for name in _PLAIN.split()}
    found |= {name: Service(name, ordinary=True) for name in _ORDINARY.split()}
    for line in _SHAPED.strip().splitlines():
        name, shape = line.split("  ")
        plain = name.removesuffix(" *")
        found[plain] = Service(plain, compiled(rf"(?:{expanded(shape)})={{0,2}}$"), plain != name)
    return found
