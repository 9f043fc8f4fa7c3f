"""Formats of the credentials of messages, mail, money, trade and social networks: data only, one a line as `_secret/rules` reads them."""
# ruff: noqa: E501 - a pattern is easier to check in one piece

TALK = r"""
! ably-key  -  (?<![\w.\-])@b{6}\.@b{6}:@b{43}(?![\w\-])  probe=\.@b{6}:@b{12}
! adyen-key  .  AQE@w{5}@s{40,400}={0,2}-@s{43}=-@w[^\s"']{12,24}
! alchemy-key  alchemy.com/v2/ alchemyapi.io/v2/  alchemy(?:\.com|api\.io)/v2/(@b{32})(?![\w-])
! asaas-key  $aact_  \$aact_(?:prod_|hmlg_)?@s{60,400}={0,2}
! bark-key  api.day.app/  api\.day\.app/(@w{22})(?!@w)
! bigcommerce-token  X-Auth-Token  X-Auth-Token["']?\s{0,3}[:=,]\s{0,3}["']?(@a{31})(?!@w)
! bitcoin-extended-key  xprv tprv yprv zprv  [xtyz]prv[1-9A-HJ-NP-Za-km-z]{107}  check=base58check  critical
! bitcoin-private-key  5 K L  (?:5[HJK][1-9A-HJ-NP-Za-km-z]{49}|[KL][1-9A-HJ-NP-Za-km-z]{51})(?!@w)  check=base58check  only  critical  probe=(?:^|[^A-Za-z0-9])[5KL][1-9A-HJ-NP-Za-km-z]{50}
! bitget-key  .  bg_@h{32}(?!@w)
! blockfrost-key  mainnet testnet preprod preview  (?:mainnet|testnet|preprod|preview)@w{32}(?!@w)  probe=(?:mainnet|testnet|preprod|preview)@w{12}
! brevo-key  xkeysib-  xkeysib-@h{64}-@w{16}
! brevo-smtp-key  .  xsmtpsib-@h{64}-@w{16}
! brex-token  .  bxt_@w{36,80}
! chargebee-key  live_cd test_cd  (?:live|test)_cd@w{32,50}(?!@w)  probe=(?:live|test)_cd@w{32}
! checkout-key  sk_sbox_  sk_sbox_@a{27,32}
! close-key  .  api_@w{20,24}\.@w{20,24}(?!@w)
! coinbase-key  organizations/  organizations/@U/apiKeys/@U
! coingecko-key  .  CG-@w{24}(?!@w)  probe=CG-@w{24}
! courier-key  pk_prod_ dk_prod_  [pd]k_prod_@B{28}
! covalent-key  cqt_ ckey_  cqt_@w{26,40}|ckey_@h{27}(?!@w)
! dingtalk-signing-key  SEC  SEC@h{64}  probe=SEC@h{64}
! dingtalk-webhook  robot/send?access_token=  robot/send\?access_token=(@h{64})
! discord-bot-token  -  [MNO]@b{23,27}\.@b{6}\.@b{27,40}  probe=@b{4}\.@b{6}\.@b{12}
! discord-user-token  .  mfa\.@b{84}(?![\w-])
! discord-webhook  discord  discord(?:app)?\.com/api/webhooks/(@d{17,20}/@b{60,80})
! dropbox-token  sl.  sl\.(?:u\.)?@b{130,1600}+  probe=sl\.(?:u\.)?@b{64}
! duffel-token  duffel_  duffel_(?:test|live)_[A-Za-z0-9_=-]{43}
? duo-integration-key  DI  DI@B{18}(?!@w)  low  probe=(?:^|[^A-Za-z0-9])DI@B{18}
! easypost-token  EZAK EZTK  EZ[AT]K@w{54}
? facebook-app-token  |  @d{13,17}\|@b{27}(?![\w-])  back=17  slack=4  high  probe=@d{6}\|@b{12}
? facebook-token  EAA  EAA[MC]@w{60,300}  high  probe=EAA[MC]@w{60}
! facebook-token  EAA  EAA[A-Z]@w{80,300}  probe=EAA[A-Z]@w{80}
! feishu-app-secret  cli_  cli_@a{16,20}["']?[^\n]{0,60}?[sS]ecret["']?\s{0,3}[:=]\s{0,3}["']?(@w{32})(?!@w)
! feishu-webhook  open.feishu.cn open.larksuite.com  open\.(?:feishu\.cn|larksuite\.com)/open-apis/bot/(?:v2/)?hook/(@U)
! flutterwave-key  FLWSECK  FLWSECK(?:_TEST)?-@a{12,34}(?:-X)?
! freshworks-token  .  fwk_@w{32,64}
! front-token  .  frt_@w{40,80}
! ghost-admin-key  -  (?<!@w)@h{24}:@h{64}(?!@w)  probe=@h:@h{24}
! gocardless-token  live_ sandbox_  (?:live|sandbox)_[A-Za-z0-9_=-]{40}(?![\w=-])  probe=(?:live|sandbox)_[A-Za-z0-9_=-]{40}
! google-chat-webhook  chat.googleapis.com  chat\.googleapis\.com/v1/spaces/([A-Za-z0-9_-]{8,20}/messages\?key=[A-Za-z0-9_-]{39}&token=[A-Za-z0-9_%-]{40,60})
! highlevel-token  .  pit-@U
! hubspot-developer-key  na1- na2- eu1- ap1-  (?:na1|na2|eu1|ap1)-@h{4}-@h{4}-@h{4}-@h{4}-@h{12}  probe=(?:na1|na2|eu1|ap1)-@h{4}-@h{4}-
! hubspot-token  pat-  pat-(?:na|eu|ap)[0-9]-@U
! ifttt-key  maker.ifttt.com  maker\.ifttt\.com/trigger/\w{1,60}/(?:json/)?with/key/(@b{20,44})
! imagekit-key  .  private_@s{27}=
! infura-key  infura.io/v3/  infura\.io/v3/(@h{32})(?!@w)
? instagram-token  IGQV  IGQV@b{60,300}  high
! intercom-token  .  dG9rO@w{50,64}={0,2}
! klarna-key  klarna_  klarna_(?:live|test|playground|prod)_api_[A-Za-z0-9+/=_-]{30,200}  probe=klarna_[a-z]{4,12}_api_
! klaviyo-key  .  pk_@h{34}(?!@w)  probe=pk_@h{34}
! knock-key  sk_ sk_test_  sk_(?:test_)?@b{43}(?![\w-])  probe=sk_@b{43}
! lemonsqueezy-secret  .  lsq_@w{32,64}
! linkedin-secret  .  WPL_AP1\.@w{16}\.@w{5,8}={0,2}
? linkedin-token  AQ  AQ[U-Y]@b{300,400}(?![\w-])  high  probe=(?:^|[^A-Za-z0-9])AQ[U-Y]@b{12}
! lob-key  live_ test_  (?:live|test)_@h{35}(?!@w)  probe=(?:live|test)_@h{35}
! mailchimp-key  -us  @h{32}-us@d{1,2}  back=32  probe=@h{4}-us@d
! mailersend-token  .  mlsn\.@h{64}
! mailgun-key  key- pubkey-  (?:pub)?key-@h{32}  probe=key-@h{32}
? mailgun-key  -  @h{32}-@h{8}-@h{8}(?![\w-])  high  probe=@h{8}-@h{8}-@h{8}
! make-webhook  hook.eu hook.us hook.integromat  hook\.(?:(?:eu|us)[0-9]\.make|integromat)\.com/(@a{32})
! mandrill-key  .  md-@b{22}(?![\w-])  probe=md-@b{22}
! mattermost-webhook  /hooks/  /hooks/([a-z0-9]{26})(?!@w)  probe=/hooks/[a-z0-9]{26}
! mercadopago-token  APP_USR- TEST-  (?:APP_USR|TEST)-@d{12,20}-@d{6}-@h{32}-@d{6,12}  probe=(?:APP_USR|TEST)-@d{12}
! mercury-token  .  secret-token:mercury_\w{20,80}
! midtrans-key  .  Mid-server-@b{24}(?![\w-])
! mollie-access-token  .  access_@w{30}(?!@w)  probe=access_@w{30}
! mollie-key  live_ test_  (?:live|test)_@w{30}(?!@w)  probe=(?:live|test)_@w{30}
! nowpayments-key  -  (?<![\w\-])@B{7}(?:-@B{7}){3}(?![\w\-])  probe=-@B{7}-@B{7}
! ntfy-token  .  tk_@a{29}(?!@w)  probe=tk_@a{29}
? oanda-token  -  (?<![\w\-])@h{32}-@h{32}(?![\w\-])  high  probe=@h-@h{32}
! omise-key  skey_  skey_(?:test_)?@a{19}(?!@w)
! paddle-key  pdl_  pdl_(?:live|sdbx)_apikey_@a{26}_@w{22}_@w{3}
! pagarme-key  ak_live_ ak_test_  ak_(?:live|test)_@w{30}
! paypal-braintree-token  access_token$  access_token\$(?:production|sandbox)\$@a{16}\$@h{32}
! paystack-key  sk_live_ sk_test_  sk_(?:live|test)_@h{40}(?!@w)
! pinterest-token  .  pina_@B{60,100}
! plaid-token  access-  access-(?:sandbox|development|production)-@U
! polar-token  polar_  polar_(?:pat|oat|sk|cs|rsk|at_[uo]|rt_[uo])_@w{32,48}
! pubnub-key  sec-c-  sec-c-@w{48,70}
? pubnub-key  sub-c- pub-c-  [sp]ub-c-@U  low
! pushbullet-token  .  o\.@w{32}(?![\w.])  probe=o\.@w{32}
! pushdeer-key  .  PDU@d{2,8}T@w{24,40}
! quicknode-key  quiknode.pro/  quiknode\.pro/(@h{40})
! ramp-token  ramp_sec_ ramp_tok_  ramp_(?:sec|tok)_@w{30,60}
! razorpay-key  rzp_live_ rzp_test_  rzp_(?:live|test)_@w{14}(?!@w)
! resend-key  .  re_@w{8}_@w{24}  probe=re_@w{8}_@w{8}
! rocketchat-webhook  /hooks/  /hooks/(@w{17,24}/@w{40,64})(?!@w)  probe=/hooks/@w{17}
! salesforce-refresh-token  .  5Aep861@w[A-Za-z0-9._]{60,90}
? salesforce-token  00D  00D@w{9,15}![A-Za-z0-9._]{80,260}  high  probe=00D@w{9,15}!
! secret-token-uri  .  secret-token:[A-Za-z0-9._~%:-]{16,200}
! sendgrid-key  SG.  SG\.@b{22}\.@b{43}
! serverchan-key  .  SCT@d{4,8}T@b{24,30}
! serverchan-key  .  SCU@d{4,8}T@h{32}
! shippo-token  shippo_live_ shippo_test_  shippo_(?:live|test)_@H{40}
! shopify-partner-token  prtapi_ shpua_ shpuat_ shpit_ shpct_  (?:prtapi|shpua|shpuat|shpit|shpct)_@h{32}
! shopify-token  shpat_ shpca_ shppa_ shpss_ shptka_  shp(?:at|ca|pa|ss|tka)_@H{32}
! signalwire-token  .  PT@h{48,52}(?!@w)  probe=PT@h{48}
! slack-app-token  xapp-  xapp-@d-@B{6,14}-@d{8,14}-@h{64}
! slack-config-token  xoxe  xoxe(?:\.xox[bp])?-@d-@w{140,180}
! slack-legacy-workspace-token  xoxa- xoxr-  xox[ar]-(?:@d-)?[A-Za-z0-9-]{36,200}
! slack-token  xoxb- xoxp- xoxa- xoxr- xoxs- xoxo-  xox[baprso]-(?:@d{1,2}-)?@d{6,14}-[A-Za-z0-9-]{14,200}
? slack-token  xoxb- xoxp- xoxa- xoxe-  xox[bpae]-@w{6,14}-[A-Za-z0-9-]{14,200}
! slack-token  xoxc- xoxd-  xoxc-@d{8,14}-@d{8,14}-@d{8,14}-@h{64}|xoxd-[A-Za-z0-9%/+]{100,600}
! slack-webhook  hooks.slack.com  hooks\.slack\.com/((?:services|workflows|triggers)/@w{6,14}/@w{6,14}/[A-Za-z0-9/]{20,64})
! smtp2go-key  .  api-[0-9A-F]{32}(?!@w)  probe=api-[0-9A-F]{32}
! spotify-token  BQ BC  B[QC]@b{180,260}(?![\w-])  probe=(?:^|[^A-Za-z0-9])B[QC]@b{90}
! square-token  sq0atp- sq0csp-  sq0(?:atp-@b{22}|csp-@b{43})
? square-token  EAAA  EAAA@b{60,64}  high
! stellar-seed  S  S[A-Z2-7]{55}(?![A-Z2-7])  check=crc16_base32  only  critical  probe=(?:^|[^A-Z2-7])S[A-Z2-7]{55}
! stripe-ephemeral-key  .  ek_live_@w{20,200}
! stripe-key  sk_live_ rk_live_ sk_prod_ rk_prod_  [sr]k_(?:live|prod)_@w{16,120}
? stripe-test-key  sk_test_ rk_test_  [sr]k_test_@w{16,120}  low
? stripe-client-secret  _secret_  (?:pi|seti)_@w{24}_secret_@w{20,40}  back=29  slack=2
! stripe-webhook-secret  whsec_  whsec_[A-Za-z0-9+/=]{32,64}
! sumup-key  .  sup_sk_@w{32}(?!@w)
! tatum-key  .  t-@h{24}-@h{24}(?!@w)  probe=(?:^|[^A-Za-z0-9])t-@h{24}-
! teams-webhook  webhook.office.com outlook.office.com  (?:webhook|outlook)\.office\.com/(webhook@a{0,2}/@U[@]@U/IncomingWebhook/@a{32}/@U)
! teams-webhook  .webhook.office.com  \.webhook\.office\.com/(webhook[a-z0-9]{0,2}/@U[@]@U/IncomingWebhook/@a{32}/@U)
! telegram-bot-token  :AA  @d{8,10}:AA@b{32,33}  back=10  slack=2  probe=@d{4}:AA@b{12}
! telegram-bot-token  /bot  /bot(@d{8,10}:AA@b{32,33})  probe=/bot@d{8,10}:AA
! telnyx-key  .  KEY[0-9A-F]{30,40}_@w{20,24}
! tencent-map-key  -  (?<![\w\-])@B{5}(?:-@B{5}){5}(?![\w\-])  probe=-@B{5}-@B{5}-@B{5}-@B{5}
! threads-token  .  THAA@b{80,300}
! tiktok-token  act.  act\.@w{50,90}!@d{4}\.[a-z0-9]{2,4}
! twilio-account-token  AC  AC@h{32}["']?[^\n]{0,60}?[^0-9a-f](@h{32})(?!@h)  probe=(?:^|[^A-Za-z0-9])AC@h{32}
! twilio-key  SK  SK@H{32}  probe=SK@H{32}
? twitch-stream-key  live_  live_@d{8,10}_@w{30}
! twitch-token  oauth:  oauth:(@a{30})(?!@w)
? twitter-bearer-token  AAAAAAAAAA  A{20,24}[A-Za-z0-9%]{60,100}  high
? viber-token  -  (?<![\w\-])@a{16}-@a{16}-@a{16}(?![\w\-])  high  probe=@a-@a{16}-@a{16}
! webex-token  -  (?<![\w\-])@w{60,72}_[A-Z][A-Z0-9]{3}_@U(?![\w\-])  probe=_[A-Z][A-Z0-9]{3}_@H{8}-@H{4}
! wecom-webhook  qyapi.weixin.qq.com  qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=(@U)
! wise-token  .  wise_@w{32,64}
! woocommerce-secret  cs_ ck_  c[sk]_@h{40}(?!@w)  probe=c[sk]_@h{40}
! wxpusher-token  .  AT_@w{32}(?!@w)  probe=AT_@w{32}
! xendit-key  xnd_  xnd_(?:production|development)_@w{40,80}
! zapier-webhook  hooks.zapier.com  hooks\.zapier\.com/hooks/catch/(@d{4,12}/@a{5,12})
! zoho-token  1000.  1000\.@h{32}\.@h{32}
"""
