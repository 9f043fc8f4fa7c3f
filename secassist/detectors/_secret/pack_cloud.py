"""Formats of the credentials of clouds, databases, clusters and vaults: data only, one a line as `_secret/rules` reads them."""
# ruff: noqa: E501 - a pattern is easier to check in one piece

CLOUD = r"""
! age-secret-key  AGE-SECRET-KEY-1  AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}  check=bech32
! aiven-password  .  AVNS_@b{18,20}(?![\w-])
! akamai-token  .  akab-@a{16}-@a{16}(?![\w-])
? akeyless-access-id  .  p-[a-z0-9]{12}@B{2}  low  probe=p-[a-z0-9]{12}@B{2}
! akeyless-token  .  p-[a-z0-9]{12}/@s{43}=
! alibaba-access-key  LTAI  LTAI@w{12,24}
? alibaba-acs-key  ACSTQ  ACSTQD[A-Z]@w{20,40}
! alibaba-sts-token  .  STS\.[NM]@w{20,32}(?!@w)
! anaconda-token  /t/  /t/([a-z]{2}-@U)/
! astra-token  .  AstraCS:@w{24}:@h{64}
! aws-access-key  AKIA ASIA ABIA ACCA  A(?:KIA|SIA|BIA|CCA)[A-Z2-7]{16}
? aws-access-key  AKIA ASIA  A(?:KIA|SIA)@B{16}  high
? aws-appsync-key  .  da2-@a{26}  high
! aws-bedrock-key  ABSK  ABSK@s{109,269}={0,2}
! aws-bedrock-key  .  bedrock-api-key-@s{60,2000}+={0,2}
! aws-mws-token  .  amzn\.mws\.@U
! aws-session-token  IQoJb3JpZ2lu FwoGZXIvYXdz FQoGZXIvYXdz  (?:IQoJb3JpZ2lu|F[wQ]oGZXIvYXdz)@s{160,2000}+={0,2}
? aws-signed-url  X-Amz-Signature=  X-Amz-Signature=(@h{64})(?!@h)
! azure-ad-client-secret  Q~  [A-Za-z0-9_~.\-]{3}@dQ~[A-Za-z0-9_~.\-]{31,34}  back=4  probe=@dQ~[A-Za-z0-9_~.-]{31}
? azure-app-configuration-key  ;Secret=  ;Secret=(@s{43,84}={0,2})(?![\w+/=])  high
! azure-batch-key  +ABa  @s{76}\+ABa@s{5}[AQgw]==  back=76
! azure-bus-key  +ASb +AEh +ARm AIoT AZEG  @s{33}(?:\+ASb|\+AEh|\+ARm|AIoT|AZEG)[A-P]@s{5}=  back=33
! azure-common-key  JQQJ9  @w{52}JQQJ9[9DH]@w{3,25}[A-L]?@w{0,16}(?!@w)  back=52
! azure-container-registry-key  +ACR  @s{42}\+ACR[A-D]@w{5}  back=42
! azure-cosmos-key  ACDb  @s{76}ACDb@s{5}[AQgw]==  back=76
! azure-devops-token  AZDO  @w{76}AZDO@w{4}  back=76  probe=AZDO@w{4}
! azure-functions-key  AzFu  @b{44}AzFu@b{5}[AQgw]==  back=44
? azure-functions-key  azurewebsites.net  azurewebsites\.net/[^\s"'?]{1,100}\?(?:[^\s"'&]{1,60}&){0,4}code=([A-Za-z0-9_/+=-]{40,60}={0,2})  high
? azure-logic-signature  &sig=  &sig=(@b{43})(?![\w-])  probe=&sig=@b{12}
? azure-management-signature  SharedAccessSignature  SharedAccessSignature sr=[^\s"']{8,200}&sig=([A-Za-z0-9%+/=]{43,80})&  high
! azure-redis-key  AzCa  @s{33}AzCa[A-P]@s{5}=  back=33
! azure-sas-signature  sig=  [?&]sig=([A-Za-z0-9%+/]{43,80}(?:%3[dD]|=))  back=1  probe=[?&]sig=[A-Za-z0-9%+/]{43}
! azure-search-key  AzSe  @w{42}AzSe[A-D]@w{5}  back=42
! azure-shared-access-key  SharedAccessKey=  SharedAccessKey=(@s{42,64}=)
! azure-storage-key  AccountKey=  AccountKey=(@s{86}==)
! azure-storage-key  +ASt  @s{76}\+ASt@s{5}[AQgw]==  back=76
? backblaze-key  K00  K00@d@s{27}(?![\w+/=])  high  probe=K00@d@s{12}
? baidu-access-key  .  ALTAK@w{21}(?!@w)  high
! baidu-api-key  bce-v3/  bce-v3/ALTAK-@w{21}/@h{40}
! bitwarden-token  .  0\.@U\.@w{30}:@s{22}==
! clickhouse-key  .  4b1d@w{38}(?!@w)  probe=4b1d@w{38}
! cloudflare-origin-ca-key  v1.0-  v1\.0-@h{24}-@h{146}
! cloudflare-token  cfut_ cfat_ cfk_  cf(?:ut|at|k)_@w{48}
! cloudflare-tunnel-token  .  eyJhIjoi@b{120,400}={0,2}(?!\.)
! cockroach-key  .  CCDB1_@w{22}_@w{40}
! confluent-key  .  cflt@s{60}(?!@s)  probe=cflt@s{56}
? convex-deploy-key  prod: dev: preview:  (?:prod|dev|preview):[a-z]{3,16}-[a-z]{3,16}-@d{1,4}\|(@s{40,400}+={0,2})  high  probe=[a-z]-@d{1,4}\|@s{12}
! crossplane-token  .  upbound_@w{32,64}
! cyberark-token  .  3qzjth@a{40,60}
! dashlane-key  dls_  dls_(?:@w{3,10}_){1,2}@w{40,120}
! databricks-token  dapi  dapi@h{32}(?:-@d)?
! defined-networking-key  .  dnkey-@a{26}-@a{52}
! deno-token  ddp_ ddo_ ddw_  dd[pow]_@w{36,40}  probe=dd[pow]_@w{36}
? digitalocean-spaces-key  .  DO00@B{16}(?!@w)  high
! digitalocean-token  dop_v1_ doo_v1_ dor_v1_  do[opr]_v1_@h{64}
! docker-swarm-key  .  SWMKEY-1-@s{43}
! docker-swarm-token  .  SWMTKN-1-@a{50}-@a{25}
! doppler-token  dp.  dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[a-z0-9_-]{2,35}\.)?@w{40,44}
! elastic-cloud-key  .  essu_@s{40,200}+={0,2}
! exoscale-key  .  EXO[0-9a-f]{24,26}(?!@w)
? fauna-key  .  fnA@b{37,38}(?![\w-])  high  probe=(?:^|[^A-Za-z0-9])fnA@b{12}
! firebase-server-key  :APA91b  AAAA@b{7}:APA91b@b{100,180}  back=11
! flyio-token  fm1r_ fm2_ fm1a_ fo1_  (?:fm1r|fm1a|fm2)_[A-Za-z0-9+/]{100,1200}+={0,2}(?:,(?:fm1r|fm1a|fm2)_[A-Za-z0-9+/]{100,1200}+={0,2}){0,3}|fo1_[\w-]{43}
! gcp-api-key  AIza  AIza@b{35}
? gcp-gemini-key  .  AQ\.Ab@b{44,60}(?![\w-])  high
! gcp-hmac-key  .  GOOG1E@B{55}
! gcp-oauth-secret  GOCSPX-  GOCSPX-@b{28}
! gcp-oauth-token  ya29.  ya29\.@b{30,400}
? gcp-refresh-token  1//0  1//0@b{40,120}
! heroku-key  HRKU-  HRKU-@b{36,70}
? huawei-sts-token  .  hQNjb@w{60,1000}+  high
! ibm-cloud-key  ibm IBM  (?:ibm|IBM)[\w .-]{0,30}[kK][eE][yY][\"']?\s{0,3}[:=]{1,2}\s{0,3}[\"']?(@b{44})(?![\w-])
! infracost-key  ico-  (?<![\w.])ico-@w{32}(?![\w.])
! infisical-token  .  st\.@h{24}\.@h{32}\.@h{32}
! jdcloud-key  .  JDC_@B{28,40}
! k3s-token  .  K10@h{64}::(?:server|node|[a-z0-9]{6}):?[.:]?@w{16,40}
! keeper-token  US: EU: AU: GOV: JP: CA:  (?:US|EU|AU|GOV|JP|CA):@b{43}(?![\w-])  probe=(?:US|EU|AU|GOV|JP|CA):@b{43}
? kubernetes-bootstrap-token  token TOKEN  (?:token|TOKEN)["']?[ =:]{1,3}["']?([a-z0-9]{6}\.[a-z0-9]{16})(?![\w.])  high  probe=(?:^|[^a-z0-9])@a{6}\.@a{16}
! kubernetes-token  kubeconfig- token-  (?:kubeconfig-[a-z0-9-]{4,40}|token-[a-z0-9]{5}):[a-z0-9]{54}(?!@w)
? mongodb-atlas-id  .  mdb_sa_id_@h{24}  low
! mongodb-atlas-secret  .  mdb_sa_sk_@b{40}
? nats-seed  S  S[ACNOUX][A-Z2-7]{56}(?![A-Z2-7])  high  probe=(?:^|[^A-Z2-7])S[ACNOUX][A-Z2-7]{12}
! neon-key  .  napi_@a{64}
! neon-password  .  npg_@w{12}(?!@w)  probe=npg_@w{12}
! netbird-token  .  nbp_@w{36}(?!@w)
! netlify-token  nfp_ nfc_ nfo_ nfu_ nfb_ nfm_  nf[pcoubm]_[A-Za-z0-9_]{36}  probe=nf[pcoubm]_[A-Za-z0-9_]{36}
! ngrok-key  .  ngrok_@w{24,60}
! ngrok-token  -  (?<![A-Za-z0-9])2@w{26}_@w{21}(?!@w)  probe=(?:^|[^A-Za-z0-9])2@w{26}_@w{21}
! onepassword-key  A3-  A3-@B{6}-(?:@B{11}|@B{6}-@B{5})-@B{5}-@B{5}-@B{5}
! onepassword-token  ops_eyJ  ops_eyJ[A-Za-z0-9_=-]{200,2000}
! openshift-token  .  sha256~@b{43}
! openvpn-static-key  .  -----BEGIN OpenVPN Static key V1-----\s{1,4}((?:@h{32}\s{1,4}){7,15}@h{32})
? oracle-ocid-key  -----BEGIN  -----BEGIN OCI [A-Z ]{3,30}-----  probe=-----BEGIN OCI
! ory-token  ory_  ory_(?:pat|apikey|wak|st|at|rt|ac|lo)_@b{24,120}
! pinecone-key  .  pcsk_@w{5,6}_@w{60,66}
! planetscale-token  pscale_  pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.=-]{32,64}
! pomerium-key  .  pomerium_@b{40,64}
! portainer-token  .  ptr_@s{43}=
! pulumi-token  pul-  pul-@h{40}
? qiniu-upload-token  -  (?<![\w-])@b{40}:@b{27}=:@w{20,1000}+={0,2}  probe=@b{12}:@b{27}=:
! rancher-token  .  kubeconfig-u-@a{10}:@a{54}
! render-key  .  rnd_@w{28,40}(?!@w)  probe=rnd_@w{28}
! scaleway-access-key  .  SCW[A-Z0-9]{17}(?![A-Z0-9])  probe=SCW[A-Z0-9]{17}
! scalingo-token  .  tk-us-@b{48}
! scalr-token  .  at-[a-z0-9]{10,16}\.atlasv1\.@b{40,70}
! spacelift-token  .  spcl_@w{30,64}
! supabase-token  sbp_ sb_secret_  sbp_@h{40}|sb_secret_@b{31}
! tailscale-key  tskey-  tskey-[a-z]{2,12}-@w{8,20}-@w{20,64}
! teleport-token  .  tbot-@h{32,64}
! tencent-secret-id  AKID  AKID@w{32}
! tencent-temporary-id  .  IKID@w{32}
! terraform-token  .atlasv1.  @w{14}\.atlasv1\.[A-Za-z0-9_=-]{60,70}  back=14
! turbopuffer-key  .  tpuf_@w{30,40}
! upcloud-token  .  ucat_[0-9A-HJKMNP-TV-Z]{26}
! vault-token  hvs. hvb.  hvs\.@b{90,300}|hvb\.@b{138,300}
? vault-token  hvs. hvb. hvr.  (?:hv[sr]\.(?:@w{24}|@b{90,300})|hvb\.@b{130,300})(?![\w-])
? vault-token  VAULT_TOKEN  VAULT_TOKEN["']?\s{0,3}[:=]\s{0,3}["']?(s\.@w{24})(?![\w.])  high
! vercel-token  vcp_ vci_ vca_ vck_ vcc_  vc[piack]_@w{56}
! vk-token  .  vk1\.a\.@b{60,300}
? volcengine-access-key  AKLT  AKLT@b{40,64}
? volcengine-access-key  .  AKTP@b{40,64}(?![\w-])
! vultr-key  .  VULTR-@B{36}
! wireguard-key  PrivateKey PresharedKey  (?:PrivateKey|PresharedKey) ?= ?(@s{43}=)(?![\w=])
! xata-key  .  xau_@w{40,44}
! yandex-cloud-key  .  AQVN@b{35,38}(?![\w-])
! yandex-iam-token  .  t1\.[A-Z0-9a-z_-]{80,400}+={0,2}\.[A-Z0-9a-z_-]{86}={0,2}
? yandex-oauth-token  y0_ y1_ y2_ y3_  y[0-3]_@b{55,62}(?![\w-])  high  probe=y[0-3]_@b{55}
! yandex-static-secret  .  YC[A-Z]@b{37}(?![\w-])  probe=(?:^|[^A-Za-z0-9])YC[A-Z]@b{37}
! zuplo-key  .  zpka_@h{32}_@h{8}
"""
