"""Services whose keys have no prefix of their own: what their keys look like where the vendor says so; data only."""

from dataclasses import dataclass
from functools import cache
from re import Pattern

from secassist.detectors._late import late
from secassist.detectors._secret.macros import expanded

_SHAPED = """
abuseipdb  @h{80}
activetrail  @B{80}
ado_pat  [a-z2-7]{52}
ado_token  [a-z2-7]{52}
adyen  AQE@w{5}@s{40,400}
airtable  key@w{14}
algolia  @h{32}
alienvault  @h{64}
aliyun  @w{30}
alpaca  [AP]K@B{18}|@w{40}
amap  @h{32}
amplitude  @h{32}
appcenter  @h{40}
assemblyai  @h{32}
atlassian  @w{24}
attio  @h{64}
auth0  @b{64}
azuredevops  [a-z2-7]{52}
baidu  @w{24,32}
baseten  @w{8}\\.@w{32}
beamer *  b_[A-Za-z0-9=_-]{44}
binance  @w{64}
bitbucket  @w{20,44}|@b{64}
bluesky  [a-z2-7]{4}(?:-[a-z2-7]{4}){3}
box *  @w{32}
browserstack  @w{20}
bsky  [a-z2-7]{4}(?:-[a-z2-7]{4}){3}
bugsnag  @h{32}
buttercms  @h{40}
censys  @w{32}
circleci  @h{40}
civo  @w{50}
codacy  @w{20}|@h{32}
codeberg  @h{40}
codecov  @U|@h{32}
codefresh  @h{24}\\.@h{32}
cohere *  @w{40}
comet *  @w{25}
confluent  @w{16}|@s{64}
cronitor  @h{32}
customerio  @h{20,32}
datadog  @h{40}|@h{32}
datocms  @h{30}
dd_api  @h{32}
dd_app  @h{40}
deepgram  @h{40}
deepinfra  @w{32}
dingtalk  @b{64}
discord  @b{32}
dropbox  @a{15}
elasticemail  [A-F0-9]{96}|@U
etherscan  @B{34}
etsy  @a{24}
facebook  @h{32}
falcon *  @w{40}
fastly  @b{32}
filestack  A@w{20}z
finicity  @h{32}|@a{20}
forgejo  @h{40}
fossa  @h{32}
freshdesk  @w{20}
fullcontact  @w{32}
getstream  @a{64}
giphy  @w{32}
gitea  @h{40}
gitee  @h{32}
greynoise  @w{64}
hcloud  @w{64}
heroku  @U
hetzner  @w{64}
huawei  [A-Z0-9]{20}|@w{40}
hunterio  @h{40}
influxdb  @b{86}|@b{40,90}
infobip  @h{32}-@U
ipinfo  @h{14}
jotform  @h{32}
jpush  @h{24}
keycloak  @w{32}|@U
koyeb  @a{64}
kraken  @s{56}|@s{86}
lambdatest  @w{50}
linode  @h{64}
loggly  @U
logz  @w{32}
lokalise  @h{40}
mailjet  @h{32}
maptiler  @w{20}
mattermost  @a{26}
messagebird  @w{25}
mistral  @w{32}
mixpanel  @h{32}
mux *  @s{75}
netlify  @b{40,46}
newsapi  @h{32}
nexmo  @w{16}|@h{8}
okta  00@b{40}
onelogin  @h{64}
openweather  @h{32}
openweathermap  @h{32}
opsgenie  @U
ovh *  @w{32}
pagerduty  @b{20}
particle *  @h{40}
patreon  @b{43}
paypal  [AE]@b{79}
pipedrive  @h{40}
platformsh  @b{43}
postmark  @U
pusher  @h{20}
pushover  [au]@a{29}
qiniu  @b{40}
railway *  @U
readwise  @w{50}
recurly  @h{32}
removebg  @w{24}
rollbar  @h{32}
sambanova  @U
scaleway  @U
scrapingbee  @B{80}
semaphore *  @b{20,40}
sendbird  @h{40}
serpapi  @h{64}
serper  @h{40}
shodan  @w{32}
smartsheet  @w{26}|@w{37}
snyk  @U
sparkpost  @h{40}
splunk  @U
spotify  @h{32}
squarespace  @U
storyblok  @w{22}tt
strava  @h{40}
sumo *  su@w{12}|@w{64}
sumologic  su@w{12}|@w{64}
sumsub  @w{24,32}
telegram  @d{8,10}:@b{35}
tencent  @w{32}
thingspeak  @B{16}
todoist  @h{40}
tomtom  @w{32}
tradier  @w{28}
travis  @b{22}
trello  @h{32}|@h{64}
tumblr  @w{50}
twitch  @a{30}
twitter  @w{25}|@w{50}
upstash  [A-Za-z0-9=_-]{40,120}
urlscan  @U
vapi  @U
vercel  @w{24}
vimeo  @h{32}
virustotal  @h{64}
vkontakte  @h{85}
vonage  @w{16}|@h{8}
vsts  [a-z2-7]{52}
vultr  [A-Z0-9]{36}
wandb  @h{40}
webflow  @h{64}
wechat  @h{32}
weixin  @h{32}
yandex  @b{39}
zendesk  @w{40}
zenodo  @w{60}
zoom  @w{32}
"""
"""One service a line, in lower case, and the shape of a whole key; a star: the name is a word of the language as well."""

_PLAIN = """
    abstractapi accredible accuweather acquia activecampaign acuityscheduling adafruit adobe adzuna aerisapi
    affinityco aftership agilecrm agoraio ahrefs ai21 aimlapi airalo airbrake aircall airnow airship airtel aiven
    akamai akeneo alchemy alibabacloud alipay alloyai alpacamarkets alphavantage amadeus amazonses amberdata
    amplenote animaapp ankr anthropic anyscale apiflash apify apigee apilayer apimatic apininjas apisix apitemplate
    apollo apollographql appcues appdrag appdynamics appetize appfigures appfollow applitools appsflyer appsignal
    appsmith appstoreconnect appveyor appwrite arangodb arcgis argocd ariba artifacthub asana assembla assertible
    atlasmongo attentive audd auddit authentik authzed autoklose autopilot avalara avatax avaza aviationstack awario
    aweber axonaut aylien azuread azuremaps backblaze backendless badgr baichuan baidubce baiducloud baidumap
    baiduyun bailian bamboohr bandwidthcom bannerbear banxa baremetrics basecamp beebole benchling besttime betfair
    bettermode betterstack beyondidentity bigcommerce bigdatacloud bigml bilibili billcom billomat billplz binlist
    bitbar bitcoinaverage bitfinex bitgo bitly bitmex bitquery bitrise bitstamp bittrex bitwarden blablabus blandai
    blazemeter blockchair blockcypher blockdaemon blockfrost blocknative bluesnap blynk bmob boldsign bombbomb boomi
    boostnote borgbase botpress braintree brandfetch brandwatch brex bridgecrew brightcove brightdata brightlocal
    browserbase browserless btcpay buddyns bugcrowd bugherd bugly buildkite bulbul bulksms bunnycdn bunnynet
    buttercms buxfer bynder bytedance bytescale cachix caflou caiyun calendarific calendly callrail campaignmonitor
    campayn cannyio capsulecrm captaindata carboninterface cartodb cashboard cashfree caspio census cerebras
    certcentral cexio chainlink chainstack chargebee chargify chartbeat chartmogul chatbot chatfuel chatpdf chatwoot
    checkbook checkmarx checkvist chirpstack chromatic cicero cinetpay circleback citrix clarifai clearbit
    clearblade clearout clerkio cleverbot clevertap clickatell clickhelp clickhouse clicksend clickup cliengo
    clinchpad clockify clockworksms closecrm cloudamqp cloudbees cloudcheckr cloudconvert cloudelements cloudflare
    cloudflarestream cloudimage cloudinary cloudlinux cloudmersive cloudns cloudplan cloudsight cloudsmith cloudways
    cloverly cloze clustdoc codeclimate codemagic codequiry coinapi coinbase coinbasecommerce coindesk coingate
    coinglass coinlayer coinlib coinmarketcap coinpayments coinranking coinspot coinstats collect2 collibra cometml
    commercejs commercetools companieshouse companyhub conekta connectwise consensys contabo contentful contentstack
    contrastsecurity convertapi convertio convertkit convier copyleaks copyscape corellium cosmicjs couchbase
    countrylayer coveralls craftmypdf cratedb cratesio createsend criblcloud crossbrowsertesting crossref
    crowdbotics crowdin crowdstrike crunchbase cryptocompare currencycloud currencyfreaks currencylayer
    currencyscoop currentsapi customerguru cyberark cybersource dailyco dandelion dareboost dashlane dashscope
    databento databox datacamp datadoghq dataform datagov dataiku datalust datarobot datastax dbtcloud deepai deepl
    deepseek deepsource degreed delighted deliveroo delphix demandbase deployhq descope detectify detectlanguage
    devcycle dfuse dialpad diffbot diggernaut digicert digikey digitalocean dingding directadmin directus discogs
    disqus dnscheck dnsimple dnsmadeeasy dnspod docebo dockerhub docparser docraptor documenso documo docusign
    domaintools doordash doppler dotcms dotdigital doubao douyin dovico dremio dronahq droneci dropboxsign duckdns
    duffel dwolla dydx dynadot dynamsoft dynatrace dynu dyspatch eagleeyenetworks easyinsight easypost easyship ebay
    ebayapi ecobee ecostruxureit edamam edenai edgio egnyte eightfold eightxeight elasticemail elasticsearch
    elevenlabs emailjs emailoctopus enablex envato envkey envoyapi eodhd epicgames esputnik etherscan ethplorer
    eventbrite everbridge everhour exchangerate exotel expensify exportsdk extractorapi ezeep faceplusplus fakejson
    fastforex fastgpt fastspring faunadb fedex feedier feedly feishu fetchrss fibery figma fileio filemaker
    filestack finage financialmodelingprep finmo finnhub firebase firecrawl firstpromoter fitbit fivetran fixerio
    flagsmith flatfile flatio fleetbase flexport flightapi flightaware flightlabs flightstats flippercloud flowflu
    fluentc flutterwave fmfw fonoapi foreclosure formbucket formcraft formio formsite formspree formstack foursquare
    frameio freepik freshbooks freshchat freshdesk freshping freshsales freshservice freshteam frontapp fullenrich
    fullstory fusebill fusionauth fxmarket gainsight gamesparks gaode gatewayapi gemfury genderize gengo geoapify
    geocode geocodify geocodio geoipifi geoipify geomaps geonames geotab getaddress getblock getemail getemails
    getgeoapi getgist getresponse getsandbox getui gigachat giphy gitbook gitcode gitguardian github gitlab gitter
    glassnode glitterly globalgiving goauth gocanvas gocardless godaddy goodday goodmem goodreads googlemaps gophish
    gorgias grafana grafbase graphcool graphhopper greenhouse gridly groovehq groq growthbook gtmetrix guardianapi
    guesty gumroad gyazo hackerone hackerrank happyscribe harvestapp haveibeenpwned heatmapapi helicone helius
    hellobar hellofresh hellosign helpcrunch helpscout hereapi heweather heygen hibob hightouch hiveage holidayapi
    honeybadger honeycomb hootsuite hostaway hostinger hotjar html2pdf htmlcss huanxin hubspot hubstaff huggingface
    humanloop huobi hybiscus hygraph hyperswitch hypertrack ibmcloud iconfinder iexapis iexcloud iflytek imagekit
    imagga imgbb imgflip imgix imgur inboxroad infisical infracost infura ingram inoreader insightly instabot
    instacart instamojo instana integromat intellum intelx intercom interseller intra42 intrinio invoiceninja
    invoiceocean ipapi ipdata ipgeolocation ipify ipinfodb ipquality ipqualityscore ipregistry ipstack ironclad
    iyzico jambonz jamendo jdbc jdcloud jenkins jfrog jiratoken journy jpush juhe jumio jumpcloud jupiterone
    justcall kairos kakao kaleyra kandji karbon karmacrm kayako keenio keepersecurity keycdn keygen kickbox kinde
    kingsoft klarna klaviyo klenty klipfolio klook knapsackpro kobotoolbox komodor kontent kraken krisp kuaishou
    kubecost kubiya kucoin kustomer kylas labelbox lakera langfuse langsmith languagelayer larksuite lastfm
    launchdarkly leadfeeder leadpages leancloud lemlist lemonsqueezy lendflow leonardoai lessannoyingcrm lexigram
    lexisnexis librato lightspeed lightstep linebot linemessaging linenotify linkpreview listrak liveagent livechat
    livekit livestorm llamacloud loadmill lob locationiq logdna loginradius logrocket logtail lokalise loyverse
    lumigo luno luosimao lusha m3o macaddress madkudu magicbell mailboxapp mailboxlayer mailchimp mailercloud
    mailerlite mailersend mailgun mailmodo mailosaur mailsac mailtrap mandiant mandrill manychat mapbox mapillary
    mapmyindia mapquest marketo marketstack marvelapp matomo mattermost mavenlink maxmind mcafee meaningcloud
    mediastack meistertask mem0ai memberstack memcachier meraki mergedev meshify mesibo metaapi metamap metrika
    metrilo mezmo microsoftteams midise midjourney midtrans mindmeister minimax mixmax mixpanel mockapi mockaroo
    moengage moesif mojohelpdesk momentohq mondaycom mongodbatlas monnify moonclerk moonshot moosend moralis
    mparticle mqttcloud mrticktock msg91 msgraph multiavatar musixmatch myexperiment myfreshworks myintervals
    mymemory nasaapi nasdaqdatalink natscloud navitia nebius netcore netdata netease nethunt netsuite neutrino
    neutrinoapi newrelic newsapi newscatcher newscatcherapi newsdata nextcloud nextdns ngrok nicereply nightfall
    nightscout ninjarmm nitro nitropack nocodb nomics nordigen northflank notion novita nozbe numverify nutritionix
    nutshell nylas nypl nytimes oanda octoparse octopusdeploy omnisend onedesk onepagecrm onesignal onesky onfido
    onfleet oopspam openai opencage opencagedata opendota openfigi opengraphr openphone openproject openrouter
    openrouteservice opensubtitles opentok openuv openvpn openweather openweathermap optidash optimizely orbcomm
    orbitalapi ouraring outbrain outreachio overops owlbot owncloud packagecloud paddle pagespeed pandadoc papercups
    papercut paperform papertrail papyrs parabola parasail parsehub parseur particleio partnerstack paydirt
    paydirtapp payfast paymo paymob paymongo paynow payoneer paypal paypay paysafe paystack paytabs paytm pdfco
    pdflayer pdfmonkey pdfshift pennylane peopledatalabs pepipost percy perplexity perspectiveapi phonepe
    photobucket photoroom phraseaccess pinata pinduoduo pinecone pingdom pipedream pipedrive pivotaltracker piwik
    pixabay plaid planetscale planyo plausible playht pleasanter poeditor poloniex polygon polygonscan polymarket
    portkey postageapp posthog postmarkapp postmates powerbi powerdns powrbot prefect prerender presspage printful
    printify prismacloud prismic privatbank procore prodpad productboard producthunt prolific promptlayer proofpoint
    prospectcrm protocolsio proxycrawl proxyscrape pubmatic pubnub purestake pushbullet pushdeer pusher pushplus
    pushsafer pushwoosh pymnts qase qcloud qianfan qiniuyun qmsg qqbot qqmap quaderno quadpay qualaroo qualtrics
    qualys quandl questdb quickbase quickemailverification quickmetrics quicknode qweather ragie rainforestapi
    rakuten rapid7 rapidapi rawg raygun razorpay reachmail readme reallysimplesystems rebrandly rebrickable
    rediscloud redislabs refiner repairshopr replyio requestfinance resend resmush restpack restpackhtml restream
    retell retellai revampcrm revcontent revenuecat reviewboard revolut ringcentral ringover riotgames ripio ritekit
    roboflow rocketchat rocketlane rocketreach rongcloud ronglian rongyun route4me rownd rudderstack runpod runscope
    runwayml sakari salesblink salescookie salesflare salesforce salesloft salesmachine salesmate sarvam satismeter
    saucelabs saucenao scaleai scalingo scalyr scanii schematichq scrapeowl scraperapi scraperbox scrapestack
    scrapfly scrapingant scrapingbee screenshotapi screenshotlayer scrutinizer seatgeek securitytrails selectpdf
    sellercloud semanticscholar semaphoreci semaphoreui semrush sendbird sendbirdorg sendcloud sendfox sendgrid
    sendinblue sendpulse sensenova sensorpush sensortower sentinelone sentiwords sentry serpapi serper serphouse
    serpstack serverchan servicenow sheety sherpadesk shipbob shipday shipengine shippo shippoapi shipstation
    shopify shopware shotstack showapi shutterfly shutterstock signalwire signaturit signicat signl4 signnow signoz
    signupgenius sigopt siliconflow simfin simplelogin simplesat simplisafe simplynoted simvoly sinch singlestore
    sirv siteground siterelic skrappio skybiometry skyscanner slack slideshare slite smartlook smartsheet
    smartsheets smartthings smartystreets smooch smsaero smsapi smsgateway smspilot smsru smtp2go snapchat snapsheet
    snipcart snipeit snovio snowflake snowplow softlayer solarwinds solcast solscan sonarcloud sonarqube sonatype
    sourcegraph spacelift speechtext spendesk spiceworks splitio splitwise splunkobservability spoonacular
    sportmonks sportradar sportsmonk spotinst spreadly sqreen squareup sslmate stabilityai stackblitz stackhawk
    stackoverflow stadiamaps starkbank statamic statsig statsigapi statuscake statuspage statuspal steamapi
    steamworks stepfun stepzen stitchdata stockdata storecove stormboard stormglass storychief strava streamelements
    streamlabs stripe stripo stytch submail sucuri sugester sumologic sumup sunoapi supabase superfeedr supernotes
    supertokens surfshark surveyanyplace surveybot surveymonkey surveysparrow survicate svix swaggerhub swiftype
    synthesia sysdig tabnine taboola tailscale tanium taobao tapfiliate tatumio tavily taxify taxjar teambition
    teamcity teamgate teamviewer teamworkcrm teamworkdesk teamworkspaces technicalanalysisapi tefter telerivet
    telesign telnyx temporalcloud tenable tencentcloud tencentmap tencentyun tenor terraform testingbot textmagic
    thehive theoddsapi thingsboard thinkific thousandeyes threatconnect threatstack tianapi tianditu ticketmaster
    tickettailor ticktick tidio tiingo tiktok timecamp timescale timezoneapi tinify tinybird tinypng tmdb tmetric
    togetherai toggl tomorrowio tomtom tonapi toutiao tozny traccar traceparts track123 trackingmore tradier
    transferwise transifex transloadit travelpayouts travisci trendmicro trengo tripadvisor truelayer truenas
    trufflehog truora trustpilot tsheets turso tuya twelvedata twelvelabs twilio twingate tyntec typeform typefully
    typetalk uberapi ubidots uclassify ucloud uipath ukgov umeng unblu unbounce unifyid unipile unleash unplugg
    unsplash untappd unwired upcdatabase upcloud uplead uploadcare uploadthing uptimerobot uptrace upwave upwork
    upyun urbanairship useinsider userflow userstack uservoice vagrantcloud vatlayer vbout veracode vericred veriff
    verifier verifone verimail veriphone verkada versioneye viber vidyard viewneo virtualpbx visualcrossing vmray
    vodafone voiceflow voicegain volcengine voodoosms vouchery voyageai vpnapi vyte waboxapp wakatime walkscore
    watsonx wavefront weatherapi weatherbit weatherstack webex webhookrelay webscraper webscraping weglot weibo
    wepay whatconverts whatismybrowser whatsapp whoxy wigle wikitude wistia withings wolframalpha woocommerce
    wootric wordnik workable workato workday workiz workos worksnaps worldcoinindex worldweather wpengine wrike
    wunderground xendit xero xfyun xiaohongshu xlsform yahooapi yahoofinance yandexcloud yelp yext yotpo youdao
    youneedabudget youscan yousign youtube youzan yunpian yunxin yuque zapier zapiernla zapsign zencoder zenkit
    zenrows zenscrape zenserp zeplin zerobounce zerotier zhipu zhipuai zilliz zillow zingtree zipapi zipbooks
    zipcodeapi zipcodebase zipwhip zitadel zixflow zoho zonkafeedback zoomeye zoominfo zscaler zulip zuora zyte
"""
"""Named where a long random word or a GUID that follows is a key, even without a word that says so."""

_ORDINARY = """
    agora bingmaps blogger bubble clicktime cobalt commodities copper deputy discourse ditto drone elastic enigma
    eraser facetoface findl fixer flickr gemini graphcms harvest holistic humanity hunter impala juro kanban
    linearapi magnetic moderation nimble noticeable orbit overloop parallel parsers pastebin pivotal planview plivo
    podio postbacks postman puppet quip recurly redshift remotive roaring segment sentiment shortcut signable sonar
    streak surge swell tableau twist wiz zeta zoom
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
        found[plain] = Service(plain, late(rf"(?:{expanded(shape)})={{0,2}}$"), plain != name)
    return found
