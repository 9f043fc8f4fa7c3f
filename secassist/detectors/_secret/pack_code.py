"""Formats of the credentials of code hosting, builds, packages, testing and sign-on: data only, one a line as `_secret/rules` reads them."""
# ruff: noqa: E501 - a pattern is easier to check in one piece

CODE = r"""
? artifactory-key  AKC  AKC@w{10,100}  probe=AKC@w{10}
! artifactory-reference-token  cmVmdGtu  cmVmdGtu@w{56}
! artillery-key  .  a9_@b{32}(?![\w-])
! atlassian-token  ATATT3 ATCTT3  AT[AC]TT3[A-Za-z0-9_=-]{50,240}
! authress-key  sc_ ext_ scauth_ authress_  (?:sc|ext|scauth|authress)_@a{5,30}\.@a{4,6}\.acc[_-]@b{10,32}\.@s{30,120}={0,2}  probe=\.acc[_-]@b{10}
! bitbucket-app-password  ATBB  ATBB@w{24}[A-F0-9]{8}
! block-protocol-key  .  b10ck5\.@h{32}\.@U
! bruno-token  .  brn_@w{32,64}
! buildkite-token  bkua_  bkua_@a{40}
! buildkite-token  bkaj_ bkct_ bkpat_ bkat_ bkpt_ bkrt_  bk(?:aj|ct|pat|at|pt|rt)_@b{20,240}  probe=bk(?:aj|ct|pat|at|pt|rt)_@b{20}
! cargo-token  cio  cio@w{32}  probe=cio@w{32}
! chainguard-token  .  cgr_@w{32,80}
! checkly-key  .  cu_@h{32}(?!@w)  probe=cu_@h{32}
! chromatic-token  .  chpt_@h{12,16}(?!@w)
! circleci-token  CCIPAT_ CCIPRJ_  CCIP(?:AT|RJ)_@w{16,24}_@h{40}
! clojars-token  CLOJARS_  CLOJARS_@a{60}
! configcat-key  configcat-sdk-1/ configcat-proxy/  configcat-(?:sdk-1|proxy)/@b{22}/@b{22}
! cratesio-token  .  cioT?@w{32,36}(?!@w)  probe=cio@w{32}
! currents-key  .  crr_@w{32,64}
! daytona-key  .  dtn_@h{64}
! deepl-key  :fx  @U:fx(?!@w)  back=36  probe=@H:fx
! deepsource-token  .  dsp_@h{40}
! dependency-track-key  odt_ alpine_  (?:odt|alpine)_@w{32,255}
! descope-key  K2  K2[A-Za-z0-9]{25}:@w{40,140}  probe=(?:^|[^A-Za-z0-9])K2@w{25}:
! devcycle-key  dvc_  dvc_(?:server|mobile|client)_@U_@w{6,8}  probe=dvc_(?:server|mobile|client)_
! docker-token  dckr_pat_ dckr_oat_  dckr_[po]at_@b{27,64}
! e2b-key  .  e2b_@h{40}
! endor-labs-key  .  endr\+@b{16,40}
! expo-token  EXPO_TOKEN  EXPO_TOKEN["']?\s{0,3}[:=]\s{0,3}["']?(@b{40})(?![\w-])
! flagsmith-key  .  ser\.@w{22}(?!@w)
! frontegg-token  .  fe_@w{40,64}
! gitbook-token  .  gb_api_@w{36,48}
! github-app-token  ghs_  ghs_@d{4,20}_@b{40,600}\.@b{20,2000}\.@b{20,800}
! github-fine-grained-token  github_pat_  github_pat_@w{22}_@w{59}
! github-token  ghp_ gho_ ghu_ ghs_ ghr_  gh[pousr]_@w{36}  check=crc32_base62
? github-token  ghs_  ghs_@w{1,20}_eyJ[\w.\-]{40,2000}+  high
! gitlab-deploy-token  gldp- glsess- glpipeline-  gl(?:dp|sess|pipeline)-@b{20,60}
? gitlab-session  _gitlab_session=  _gitlab_session=(@h{32})
! gitlab-token  glpat- gldt- glrt- glft- glimt- glsoat-  gl(?:pat|dt|rt|ft|imt|soat)-(?:@b{20}|@b{27,300}\.@a{2}\.@a{7,9})(?!@b)
! gitlab-token  glagent- gloas- glcbt- glffct- glwt- glrtr-  glagent-@b{50}|gloas-@b{64}|glcbt-@h{1,5}_@b{20}|gl(?:ffct|wt|rtr)-@b{20,64}
! gitlab-token  .  glimt-@a{25}(?![\w-])
! gitlab-trigger-token  glptt- GR1348941  glptt-@h{40}|GR1348941@b{20,50}(?![\w-])
! growthbook-key  secret_  secret_(?:user|admin|readonly)_@s{40,48}={0,2}
! harness-token  pat. sat.  [ps]at\.@b{22}\.@h{24}\.@w{20}
! hasura-token  .  hsp_@w{32,64}
! inngest-key  signkey-  signkey-(?:prod|test|branch|dev)-@h{32,64}
! insomnia-token  .  inso_@w{32,64}
! intra42-secret  s-s4t2  s-s4t2(?:ud|af)-@h{64}
! ionic-token  ion_  ion_@w{42}  probe=ion_@w{42}
! jetbrains-token  perm: perm-  perm[:-]@w{1,60}=*\.@w{1,60}=*\.@w{30,60}
! jumpcloud-key  .  jca_@w{36}(?!@w)
! launchdarkly-key  sdk- mob- api-  (?:sdk|mob|api)-@U  probe=(?:sdk|mob|api)-@H{8}-@H{4}-
! launchdarkly-relay-key  .  rel-@U
! maven-central-token  .  mvn_@w{32,60}
! ngc-key  .  nvapi-@b{60,72}
! npm-token  npm_  npm_@w{36}  check=crc32_base62
? npm-token  _authToken  _authToken\s?=\s?[\"']?(@U)
! nuget-key  oy2  oy2[a-p]@a{15}[aq]@a{11}[eu][bdfhjlnprtvxz357][a-p]@a{11}[aeimquy4]  probe=oy2@a{43}
? nuget-key  oy2  oy2@a{43}  probe=oy2@a{43}
! octopus-key  .  API-@B{25,32}(?!@w)  probe=API-@B{25}
! openvsx-token  ovsxat_ ovsxp_  ovsx(?:at|p)_@U
! packagist-token  packagist_  packagist_(?:ort|ack|act|uut|aut|out)_@h{68}
! percy-token  web_ app_ auto_ ss_  (?:web|app|auto|ss)_@h{64}  probe=(?:web|app|auto|ss)_@h{32}
! postman-key  PMAK-  PMAK-@h{24}-@h{34}
! postman-token  .  PMAT-@B{26}
! prefect-key  pnu_ pnb_  pn[ub]_@w{36}
! pub-token  .  pub_@b{40,80}
! pypi-token  pypi-AgE  pypi-AgE@b{85,1000}  check=macaroon
! readme-key  rdme_  rdme_@a{70}
! rubygems-key  rubygems_  rubygems_@h{48}
! semgrep-token  .  semgrep_@h{32,64}
! snyk-token  snyk_uat. snyk_sat.  snyk_[us]at\.@a{8}\.[A-Za-z0-9_=-]{40,2000}+(?:\.@b{10,400}){0,2}
! socket-key  .  sktsec_@b{40,60}
! sonar-token  .  sqco_@h{40}
! sonarqube-token  squ_ sqp_ sqa_  sq[upa]_@h{40}
! sourcegraph-cody-key  slk_  slk_@h{64}
! sourcegraph-token  sgp_  sgp_(?:@H{16}_|local_)?@H{40}
! split-key  split_sdk_  split_sdk_@a{40,60}
! stackhawk-key  .  hawk\.@b{20}\.@b{20}
! statsig-key  secret-  secret-@w{43}(?!@w)  probe=secret-@w{43}
! stytch-secret  secret-live- secret-test-  secret-(?:live|test)-[A-Za-z0-9_=-]{32,40}
! transifex-token  -  (?<![\w/])1/@h{40}(?![\w/])  probe=(?:^|[^A-Za-z0-9/])1/@h{12}
! trigger-dev-key  tr_dev_ tr_prod_ tr_stg_ tr_pat_ tr_preview_  tr_(?:dev|prod|stg|pat|preview)_@w{20,48}
! unkey-key  .  unkey_@w{20,40}
! unleash-token  :development. :production. :default.  :(?:development|production|default)\.(@h{50,64})(?!@w)
! veracode-key  vera01e  vera01e(?:i-@h{32}|s-@h{128})
! vscode-token  .  vsce_@w{40,60}
! weblate-token  wlu_ wlp_  wl[up]_@w{36}(?!@w)
! workos-key  sk_live_ sk_test_  sk_(?:live|test)_a2V5X@w{30,90}
"""
