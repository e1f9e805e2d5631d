import { assert, describe, it } from "@effect/vitest"
import { LogRedactor } from "../../../src/index.ts"
import { wordsOf } from "../../../src/rules/redact/keyWords.ts"

const keysOf = (text: string): ReadonlyArray<string> => text.trim().split(/\s+/)

/** Names from real systems whose values are secrets. */
const secret: Readonly<Record<string, string>> = {
  "fields of forms and bodies":
    `password Password PASSWORD passwd pwd pass password2 password_confirmation passwordConfirm passwordconfirmation
    user[password] user[password_confirmation] data.attributes.password currentPassword new-password newPasswordRepeat
    password_hash passwordHash hashed_password passwordDigest encrypted_password db_password dbpassword userPass
    passphrase key.passphrase passcode pin PIN userPin pin_code otp totp otpCode one_time_password verification_code
    mfaCode backup_codes recoveryCode securityCode`,
  "tokens":
    `token tokens accessToken access_token accesstoken AccessToken refresh_token id_token idToken authToken _authToken
    oauth_token oauthToken OAuthToken csrfToken csrf_token _csrf xsrf-token XSRF-TOKEN bot_token deviceToken sessionToken
    accessTokens refreshTokens apiToken api_token token_value tokenHash client_token request_token x-access-token
    registration_access_token id_token_hint bearerToken bearer`,
  "OAuth, OpenID Connect, SAML, JWT":
    `client_secret clientSecret client_secrets code_verifier codeVerifier authorization_code auth_code device_code
    client_assertion SAMLResponse saml_assertion jwt userJwt JWT_SECRET jwtSecret jwt_private_key jwk_private_key`,
  "HTTP":
    `authorization Authorization Proxy-Authorization proxyAuthorization cookie Cookie Set-Cookie set-cookie2 cookies
    rawHeaders _header X-Api-Key x-api-key api-keys apiKey api_key APIKey apikey apiKeys x-auth-token x-csrf-token
    x-amz-security-token x-goog-api-key X-Vault-Token x-gitlab-token private-token job-token X-Shopify-Access-Token
    ocp-apim-subscription-key x-functions-key x-ms-authorization auth basicAuth authHeader authorizationHeader`,
  "sessions":
    `session sessionId session_id sessionid SessionID ASP.NET_SessionId connect.sid sid sessid PHPSESSID JSESSIONID
    userSession session_key sessionKeys cookieHeader cookie_secret`,
  "environments":
    `MYSQL_PWD MYSQL_PASSWORD MYSQL_ROOT_PASSWORD PGPASSWORD POSTGRES_PASSWORD REDIS_PASSWORD REDISCLI_AUTH
    REDIS_AUTH MONGO_INITDB_ROOT_PASSWORD RABBITMQ_DEFAULT_PASS RABBITMQ_ERLANG_COOKIE SMTP_PASS SMTP_PASSWORD SSHPASS
    NPM_TOKEN NODE_AUTH_TOKEN npm_config__auth //registry.npmjs.org/:_authToken GITHUB_TOKEN GH_TOKEN GITHUB_PAT
    AZURE_DEVOPS_EXT_PAT CI_JOB_TOKEN AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN secretAccessKey accessKeyId
    GOOGLE_APPLICATION_CREDENTIALS GCP_PRIVATE_KEY private_key privateKey AZURE_CLIENT_SECRET
    AZURE_STORAGE_CONNECTION_STRING AZURE_STORAGE_ACCOUNT_KEY AccountKey SharedAccessKey SharedAccessSignature
    connectionString connection-string dbConnectionString STRIPE_SECRET_KEY STRIPE_API_KEY STRIPE_WEBHOOK_SECRET
    SLACK_BOT_TOKEN SLACK_SIGNING_SECRET SLACK_WEBHOOK_URL webhookUrl SENTRY_DSN dsn SENTRY_AUTH_TOKEN
    NEW_RELIC_LICENSE_KEY DD_API_KEY DD_APP_KEY TWILIO_AUTH_TOKEN SENDGRID_API_KEY OPENAI_API_KEY
    SUPABASE_SERVICE_ROLE_KEY APP_KEY SECRET_KEY_BASE DJANGO_SECRET_KEY ENCRYPTION_KEY MASTER_KEY SIGNING_KEY
    SSH_PRIVATE_KEY HEROKU_API_KEY VAULT_TOKEN KUBE_TOKEN DOCKER_AUTH_CONFIG_AUTH`,
  "the rest":
    `secret secrets secret_id credentials credential creds ADMIN_CREDENTIALS privatekey secretkey client-key-data
    masterKey hmacKey sas ssn social_security_number cardNumber card_number card-no creditCardNumber creditCard cc_number
    pan cvv cvv2 cvc cardCvc magicLink passwordResetLink reset_url seedPhrase recovery_phrase`
}

/** Names that only look like it, or whose values say something about a secret. */
const harmless: Readonly<Record<string, string>> = {
  "cursors":
    `nextToken NextToken next_token nexttoken pageToken nextPageToken next_page_token cursorToken continuationToken
    continuation-token syncToken nextSyncToken resumeToken deltaToken skipToken startToken prevPageToken cancellationToken
    cancelToken fencingToken`,
  "counts":
    `tokenCount token_count maxTokens max_tokens min_tokens totalTokens total_tokens prompt_tokens completion_tokens
    inputTokens output_tokens cached_tokens reasoningTokens cache_creation_input_tokens tokensUsed tokens_per_second
    x-ratelimit-remaining-tokens x-ratelimit-limit-tokens sessionCount sessionDuration session_timeout sessions
    activeSessions secretsCount passCount passRate min_password_length passwordLength password_attempts`,
  "about secrets":
    `token_type tokenType token_expires_at tokenExpiresIn tokenName tokenId token_endpoint tokenUrl tokenUri
    token_endpoint_auth_method token_endpoint_auth_methods_supported hasPassword has_password isPasswordValid
    passwordStrength passwordPolicy passwordResetAt password_changed_at passwordless password_field PASSWORD_FILE
    POSTGRES_PASSWORD_FILE secretName secret_name secretArn_name secretVersion SECRET_PATH secretKeyRef credentialType
    cookieName cookieConsent cookie_policy cookieDomain requiresAuth requires_auth authType auth_method authProvider
    auth_time authUrl authorization_endpoint authorizationServer authenticated authentication isAuthenticated
    forgotPassword show_password apiKeyId`,
  "other words":
    `author authors authority Authority :authority passenger passengers compass bypass passed passing passport
    tokenize tokenized tokenizer tokenization secretary secretariat keyboard pinned pinterest spinner opinion cartoon
    possession obsession sessionless monkey hockey turnkey donkey key keys primaryKey foreign_key partitionKey sortKey
    publicKey public_key publishableKey idempotencyKey cacheKey storageKey objectKey routingKey path pathname patch
    panel span expand pancake sass saskatoon cvs`,
  "ordinary":
    `user userId user_id email name status statusCode code error_code countryCode postalCode zip header headers
    host url uri href DATABASE_URL accountNumber account_id iban routing_number cardLast4 card_brand card signature
    nonce salt etag fingerprint kid keyId ip address port method query id traceId x-request-id content-length
    x-hub-signature-256 user-agent www-authenticate access accessLevel private service client_id tenant_id`
}

const redactor = LogRedactor.make()

describe("F92: secrets are known by the names that real systems give them", () => {
  it.each(Object.entries(secret))("%s", (_, text) => {
    assert.deepStrictEqual(keysOf(text).filter((key) => !redactor.isSensitive(key)), [])
  })

  it.each(Object.entries(harmless))("and %s are not", (_, text) => {
    assert.deepStrictEqual(keysOf(text).filter((key) => redactor.isSensitive(key)), [])
  })

  it("of which there are many", () => {
    assert.isAbove([...Object.values(secret), ...Object.values(harmless)].flatMap(keysOf).length, 400)
  })

  it("every word and phrase of the lists counts in every spelling", () => {
    const { lastWords, phrases, wholeNames, words } = LogRedactor.defaults
    const missed = [...words, ...lastWords, ...wholeNames, ...phrases].flatMap((name) => {
      const parts = name.split(" ")
      const camel = parts.map((part, i) => i === 0 ? part : part.charAt(0).toUpperCase() + part.slice(1)).join("")
      return [name, parts.join("_").toUpperCase(), parts.join("-"), camel, `${name}2`]
    }).filter((name) => !redactor.isSensitive(name))
    assert.deepStrictEqual(missed, [])
  })

  it("a parameter of a URL has names of its own", () => {
    const those = [
      "code",
      "key",
      "sig",
      "X-Amz-Signature",
      "X-Goog-Signature",
      "signature",
      "X-Amz-Credential",
      "token"
    ]
    assert.deepStrictEqual(those.filter((name) => !redactor.isSensitiveParameter(name)), [])
    const others = ["page", "sortKey", "zipcode", "q", "country_code", "nextToken", "X-Amz-Date"]
    assert.deepStrictEqual(others.filter((name) => redactor.isSensitiveParameter(name)), [])
    assert.isFalse(LogRedactor.make({ allow: ["code"] }).isSensitiveParameter("code"))
    assert.isTrue(LogRedactor.make({ keys: ["page"] }).isSensitiveParameter("page"))
    assert.isFalse(LogRedactor.make({ defaults: false }).isSensitiveParameter("code"))
  })

  it.each<[key: string, words: ReadonlyArray<string>]>([
    ["X-Api-Key", ["x", "api", "key"]],
    ["APIKey", ["api", "key"]],
    ["userIDs", ["user", "ids"]],
    ["user[0].passwordSHA256", ["user", "password", "sha"]],
    ["ASP.NET_SessionId", ["asp", "net", "session", "id"]],
    ["contraseña", ["contraseña"]],
    ["A", ["a"]],
    ["__", []],
    ["", []]
  ])("the words of %j", (key, words) => {
    assert.deepStrictEqual(wordsOf(key), words)
  })
})
