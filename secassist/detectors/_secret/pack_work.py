"""Formats of the credentials of monitoring, language models, work tools and standards: data only, one a line as `_secret/rules` reads them."""
# ruff: noqa: E501 - a pattern is easier to check in one piece

WORK = r"""
! adafruit-key  aio_  aio_@w{28}
! adobe-secret  .  p8e-@b{32}(?![\w-])
! airplane-key  .  ap_key_@w{20,40}
! airtable-token  pat  pat@w{14}\.@h{64}  probe=pat@w{14}\.@h
! anthropic-key  sk-ant-  sk-ant-(?:(?:api|admin)@d{2}-@b{93}AA|(?:sid|oat|ort)@d{2}-@b{80,120})(?![\w-])
! anyscale-key  .  esecret_@a{26}(?!@w)
! apify-token  .  apify_api_@w{36}
! arize-key  .  ak-@U-@b{20,40}
! asana-token  -  (?<![\w/])(?:0/@h{32}|[12]/@d{15,17}(?:/@d{15,17})?:@h{32})(?!@w)  probe=0/@h{32}|[12]/@d{15,17}[:/]
! axiom-token  xaat- xapt-  xa[ap]t-@U
! betterstack-token  .  bst_@w{24,64}
? brave-search-key  .  BSA@b{27,28}(?![\w-])  high  probe=(?:^|[^A-Za-z0-9])BSA@b{27}
! browserbase-key  bb_live_ bb_test_  bb_(?:live|test)_@b{24,36}
! builderio-key  .  bpk-@h{32}(?!@w)
! calcom-key  cal_live_ cal_  cal_(?:live_)?@h{32}(?!@w)  probe=cal_(?:live_)?@h{32}
! canva-secret  .  cnvca@b{43,51}
! cartesia-key  .  sk_car_@w{20,64}
! cerebras-key  .  csk-@a{48}
! chief-tools-token  ctp_ ctr_  ct[pr]_@w{36}(?!@w)  probe=ct[pr]_@w{36}
! clickup-token  pk_  pk_@d{5,9}_@B{32}(?!@w)  probe=pk_@d{5,9}_@B{12}
! cloudinary-secret  cloudinary://  cloudinary://@d{10,20}:(@b{20,40})@
! contentful-token  .  CFPAT-@b{43}
! coralogix-key  cxtp_ cxup_ cxth_ cxul_  cx(?:tp|up|th|ul)_@w{30}(?!@w)
! coze-token  pat_ sat_  [ps]at_@w{64}(?!@w)  probe=[ps]at_@w{64}
! cursor-key  key_  key_@h{64}(?!@w)  probe=key_@h{64}
! cursor-key  .  crsr_@h{64}
! datadog-access-token  .  ddpat_@w{22}_@w{42}
! datadog-app-key  .  ddapp_@w{34}
! dbt-cloud-token  dbtc_ dbtu_  dbt[cu]_@b{30,80}
! dify-key  app- dataset-  (?:app|dataset)-@w{24}(?!@w)  probe=(?:app|dataset)-@w{24}
? django-secret-key  django-insecure-  django-insecure-[^\s\"']{40,80}
! dynatrace-token  dt0  dt0[a-z]@d{2}\.@B{24}\.@B{64}
! elevenlabs-key  .  sk_@h{48}(?!@w)  probe=sk_@h{48}
! exa-key  EXA_API_KEY  EXA_API_KEY["']?\s{0,3}[:=]\s{0,3}["']?(@U)
! fal-key  FAL_KEY fal_key  (?:FAL_KEY|fal_key)["']?\s{0,3}[:=]\s{0,3}["']?(@U:@h{32})
! fastgpt-key  .  fastgpt-@w{30,80}
! figma-token  figd_  figd_@b{38,44}
! figma-token  figo_ figor_ figdr_  fig(?:o|or|dr)_@b{38,44}
! firecrawl-key  .  fc-@h{32}(?!@w)  probe=fc-@h{32}
! firehydrant-token  .  fhb-@h{32}
! fireworks-key  fw_ fw-  fw[_-]@w{22,26}(?!@w)  probe=fw[_-]@w{22}
! frameio-token  .  fio-u-@b{64}
! friendli-token  .  flp_@w{40,50}
? grafana-key  eyJrIjoi  eyJrIjoi[A-Za-z0-9_=-]{42,400}
! grafana-key  .  eyJrIjoi@b{40,400}={0,2}
! grafana-token  glsa_ glc_ey  glsa_@w{32}_@H{8}|glc_ey[A-Za-z0-9+/=]{32,400}
! groq-key  gsk_  gsk_@w{52}
? hashed-password  scrypt: pbkdf2:sha256: pbkdf2_sha256$  (?:scrypt:\d{1,8}:\d{1,3}:\d{1,3}|pbkdf2:sha\d{3}:\d{1,8})\$@w{4,32}\$@h{32,128}|pbkdf2_sha256\$\d{1,8}\$@w{4,32}\$@s{43}=
! helicone-key  .  sk-helicone-[a-z0-9]{7}-[a-z0-9]{7}-[a-z0-9]{7}-[a-z0-9]{7}
! here-key  HERE_API  HERE_API\w{0,10}["']?\s{0,3}[:=]\s{0,3}["']?(@b{43})(?![\w-])
! hex-token  hxtp_ hxtw_  hxt[pw]_@h{64,128}
! highlight-key  .  hlt_@w{32,64}
! honeycomb-key  hcaik_ hcxik_ hcalk_ hcxlk_ hcamk_ hcxmk_  hc[ax][ilm]k_@a{52,60}
! huggingface-token  hf_ api_org_  (?:hf|api_org)_[A-Za-z]{34}  probe=(?:hf|api_org)_[A-Za-z]{34}
! humanloop-key  .  hl_sk_@h{40,64}
! incident-io-key  .  inc_live_@w{32,64}
! jina-key  .  jina_@h{32}@b{28}
! jwt  eyJ  (?<![\w-])eyJ[\w-]{10,4000}+={0,2}\.eyJ[\w-]{6,8000}+={0,2}\.@b{10,800}  check=jwt  probe=eyJ[\w-]+={0,2}\.eyJ
? jwt  eyJ  (?<![\w-])(?<!pk\.)eyJ[\w-]{16,4000}+={0,2}\.[\w-]{16,8000}+={0,2}(?:\.@b{0,800})?  probe=eyJ[\w-]+={0,2}\.[\w-]{16}
! kaggle-token  .  KGAT_@h{32}(?!@w)
! lambda-cloud-key  .  secret_@w{3,40}_@h{32}\.@w{32}(?!@w)  probe=_@h{32}\.@w{12}
! langfuse-key  .  sk-lf-@U
! langsmith-key  lsv2_  lsv2_(?:pt|sk)_@h{32}_@h{10}
! lichess-token  lip_ lio_  li[po]_@w{20,40}(?!@w)  probe=li[po]_@w{20}
! linear-key  lin_api_  lin_api_@w{40}
! linear-token  lin_oauth_ lin_wh_  lin_(?:oauth_@h{64}|wh_@w{40})
! llamacloud-key  llx-  llx-@b{48}
! locationiq-key  .  pk\.@h{32}(?!@w)  probe=(?:^|[^A-Za-z0-9])pk\.@h{32}
! logfire-token  .  pylf_v[0-9]_[a-z]{2}_@w{43}
! luma-key  .  luma-@U-@U
? mapbox-token  sk.eyJ tk.eyJ  [st]k\.eyJ[\w-]{30,400}+\.[\w-]{20,32}  high
! mapbox-token  .  sk\.eyJ@b{40,400}\.@b{20,32}
! maxmind-key  _mmk  @w{6}_@w{29}_mmk  back=36
! mem0-key  .  m0-@w{40}(?!@w)  probe=m0-@w{40}
! metabase-key  .  mb_@s{43}=  probe=mb_@s{24}
! miro-token  .  eyJtaXJvLm9yaWdpbiI6@b{20,400}+
! modal-token  ak- as-  a[ks]-@w{22}(?!@w)  probe=a[ks]-@w{22}
! n8n-key  .  n8n_api_@h{40,120}
! new-relic-key  NRAK- NRII- NRIQ- NRRA- NRJS- NRBR-  NR(?:AK|II|IQ|RA)-@b{24,42}|NR(?:JS|BR)-@h{19}
! new-relic-key  NRAA-  NRAA-@h{27}
! new-relic-license  NRAL  [a-f0-9x]{36}NRAL|eu01xx@h{30}NRAL|@h{32}FFFFNRAL|eu01x@h{30,33}NRAL  back=38  slack=6  probe=[a-f0-9xF]{2}NRAL
! nightfall-key  .  NF-@w{32}(?!@w)
! notion-token  ntn_ secret_  ntn_@d{9}@w{37}|secret_@w{43}  probe=ntn_@d{9}|secret_@w{43}
! nvidia-key  .  nvapi-@b{64}
! onesignal-key  os_v2_  os_v2_(?:app|org)_[a-z2-7]{100,110}
! onfido-token  api_live api_sandbox  api_(?:live|sandbox)(?:_[a-z]{2})?\.@b{11}\.@b{32}
! openai-admin-key  .  sk-admin-@b{20,140}T3BlbkFJ@b{20,140}
? openai-compatible-key  sk-  (?<!-)sk-(?:@w{48}|@h{32}|[a-z]{2,8}-@b{32,160})  high  probe=sk-(?:@w{32}|[a-z]{2,8}-@b{32})
! openai-key  sk-  (?<!-)sk-@b{20,110}?T3BlbkFJ@b{20,100}  probe=T3BlbkFJ
! openrouter-key  sk-or-v1-  sk-or-v1-@h{64}
? pagerduty-key  u+ y_  (?:u\+|y_)@b{18}(?![\w-])  probe=(?:\bu\+|\by_)@b{18}(?:[^\w-]|$)
! pangea-token  .  pts_[a-z2-7]{32}
? password-hash  $y$ $7$ $DCC2$ grub.pbkdf2  \$y\$[./A-Za-z0-9]{2,12}\$[./A-Za-z0-9]{1,86}\$[./A-Za-z0-9]{43}|\$7\$[./A-Za-z0-9]{11,97}\$[./A-Za-z0-9]{43}|\$DCC2\$@d{1,6}#[^#\s]{1,40}#@h{32}|grub\.pbkdf2\.sha512\.@d{1,8}\.@H{32,512}\.@H{32,512}
? password-hash  $krb5 $8$ $9$  \$krb5[a-z]{2,8}\$[^\s\"']{40,4000}+|\$[89]\$[./A-Za-z0-9]{14}\$[./A-Za-z0-9]{43}
? password-hash  $2 $6$ $5$ $1$ $argon2 $apr1$  \$2[abxy]\$@d{2}\$[./A-Za-z0-9]{53}|\$(?:1|5|6|apr1)\$(?:rounds=@d{1,9}\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{22,86}|\$argon2[id]{1,2}\$[^\s\"']{30,200}
! perplexity-key  pplx-  pplx-@w{48}
! persona-key  persona_  persona_(?:sandbox|production)_@U
! pixie-key  px-api- px-dep-  px-(?:api|dep)-@U
! posthog-key  phx_ phs_ phr_ pha_  ph[xsra]_@b{43,64}
! prismic-token  .  MC5@w{30,70}\.@b{20,400}
? private-key  MII  MII@s{2}[AQgw]IB(?:AAKC|AAJB|ADAN)[A-Za-z0-9+/=]{64,8000}+  critical  probe=MII@s{2}[AQgw]IB(?:AAKC|AAJB|ADAN)
? private-key  b3BlbnNzaC1rZXktdjE  b3BlbnNzaC1rZXktdjE[A-Za-z0-9+/=]{64,8000}+  critical
? private-key  BEGIN  BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\r?\n(?:[A-Z][A-Za-z-]{2,20}: [^\n]{0,100}\n){0,4}((?:[A-Za-z0-9+/=]{4,72}\n){1,100})  critical  probe=BEGIN SSH2 ENCRYPTED PRIVATE KEY
? private-key  Private-Lines:  Private-Lines: @d{1,3}\r?\n((?:[A-Za-z0-9+/=]{4,64}\n){2,100})  critical
! private-key  MHcCAQEE MHQCAQEE MIGkAgEB MIHcAgEB MC4CAQAw MIGHAgEA MIG2AgEA MIHuAgEA  (?:MHcCAQEE|MHQCAQEE|MIGkAgEBBD|MIHcAgEBBE|MC4CAQAwBQYDK2V|MIGHAgEAMBMGByqGSM49|MIG2AgEAMBAGByqGSM49|MIHuAgEAMBAGByqGSM49)@s{30,400}={0,2}  critical
? private-key  MIIBu MIIBv  MIIB[uv][gwA]IBAAKBg@s{200,1200}={0,2}  critical  probe=MIIB[uv][gwA]IBAAKBg
? private-key  /u3+7Q  /u3\+7QAAAAI@s{200,8000}+={0,2}  critical
! promptlayer-key  .  pl_@h{32}(?!@w)  probe=pl_@h{32}
! rapidapi-key  msh  @h{10}msh@h{15}p1@h{6}jsn@h{12}  back=10
! replicate-token  r8_  r8_@b{37}
! retell-key  key_  key_@h{28}(?!@w)  probe=key_@h{28}
! retool-token  retool_  retool_(?:01@a{26}|rpc_@w{32,64})
! roboflow-key  .  rf_@w{20,40}(?!@w)  probe=rf_@w{20}
! rootly-key  .  rootly_@h{64}
! runpod-key  .  rpa_@B{40,50}@a{0,6}
! runway-key  key_  key_@h{128}(?!@w)  probe=key_@h{64}
! sanity-token  .  sk@w{178}(?!@w)  probe=(?:^|[^A-Za-z0-9])sk@w{80}
! seam-key  .  seam_@w{10,14}_@w{20,40}
! segment-token  sgp_  sgp_@w{64}(?!@w)  probe=sgp_@w{24}
! sentry-token  sntrys_ sntryu_  sntrys_eyJ[A-Za-z0-9+/=_-]{80,400}|sntryu_@h{64}
! sentry-token  .  sntrya_@h{64}
! sentry-user-token  SENTRY_AUTH_TOKEN  SENTRY_AUTH_TOKEN["']?\s{0,3}[:=]\s{0,3}["']?(@h{64})(?!@w)
! settlemint-token  sm_aat_ sm_pat_ sm_sat_  sm_[aps]at_@w{16}(?!@w)
! sumologic-collector  /receiver/v1/http/  /receiver/v1/http/([A-Za-z0-9_-]{60,160}={0,2})
! tally-key  .  tly-@w{40,64}
! tavily-key  tvly-  tvly-(?:dev-|prod-)?@w{32}
! teamwork-token  tkn.v1_  tkn\.v1_[A-Za-z0-9+/=_-]{60,100}
! tenable-key  accessKey=  accessKey=@h{64};\s?secretKey=(@h{64})
? thingsboard-token  /api/v1/  /api/v1/(@w{20})/(?:telemetry|attributes|rpc|claim|provision)  high  probe=/api/v1/@w{20}/(?:telemetry|attributes|rpc|claim|provision)
? thingsboard-token  v1/devices/me/  v1/devices/me/(?:telemetry|attributes)["']?[^\n]{0,80}?\s-u ["']?(@w{20})(?!@w)  high
! tines-key  .  tines_@w{40,64}
! together-key  tgp_v1_  tgp_v1_@b{43}
! totp-uri  otpauth://  otpauth://(?:totp|hotp)/[^\s"'<>]{1,200}?[?&]secret=([A-Za-z2-7]{16,128})
! trello-token  .  ATTA@h{72}
? truenas-key  -  (?<![\w-])@d{1,4}-(?=[^A-Z\s]{0,30}[A-Z])@w{64}(?![\w-])  high  probe=@d-@w{64}
! twelvelabs-key  .  tlk_@B{40,60}
? totp-secret  RATE_LIMIT TOTP_AUTH  ([A-Z2-7]{16,52})\n" (?:RATE_LIMIT|TOTP_AUTH)  back=55  slack=36  high  probe=[A-Z2-7]{16}\n" (?:RATE_LIMIT|TOTP_AUTH)
! typeform-token  tfp_  tfp_@b{40,64}
? ubidots-token  BBFF- BBUS-  BB(?:FF|US)-@w{28,36}
! uptimerobot-key  .  ur?@d{5,9}-@h{20,30}(?!@w)  probe=(?:^|[^A-Za-z0-9])ur?@d{5,9}-@h{20}
! val-town-token  .  vtwn_@w{20,60}
! voyage-key  .  pa-@b{43}(?![\w-])  probe=pa-@b{43}
! wakatime-key  .  waka_@U
! weights-and-biases-key  wandb_v1_ wandb WANDB  wandb_v1_@b{60,90}|(?:wandb|WANDB)[\w .-]{0,30}["']?\s{0,3}[:=]\s{0,3}["']?(@h{40})(?!@w)
! windows-recovery-key  -  (?<![\w-])@d{6}(?:-@d{6}){7}(?![\w-])  check=bitlocker  only  critical  probe=@d{6}-@d{6}-@d{6}-@d{6}
? wundergraph-key  cosmo_  cosmo_@h{32}
! xai-key  xai-  xai-@b{70,85}
? zhipu-key  -  (?<![\w.])@h{32}\.@w{16}(?![\w.])  high  probe=@h{32}\.@w{16}
"""
