"""What is hidden and what is left alone, case by case. The secrets are invented and put together from pieces."""

import re

import pytest

from aksara_agent.redaction import Redactor

MIXED = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"  # 36 characters
HEX = "0123456789abcdef" * 2
UPPER = "ABCDEFGH23456789"
KEY_LINE = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj"
KEY_BLOCK = f"{KEY_LINE}{MIXED[:20]}\n" * 3
JWT = f"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.{MIXED}"

# A text and the part of it that must be hidden.
SECRETS = {
    "OpenAI": (f'client = OpenAI("sk-proj-{MIXED}{MIXED}")', f"sk-proj-{MIXED}{MIXED}"),
    "Anthropic": (f"key is sk-ant-api03-{MIXED}-{MIXED}AA", f"sk-ant-api03-{MIXED}-{MIXED}AA"),
    "after an escape": (rf'"first\nsk-{MIXED}"', f"sk-{MIXED}"),
    "GitHub": (f"git clone https://ghp_{MIXED}@github.com/a/b", f"ghp_{MIXED}"),
    "GitHub fine-grained": (f"github_pat_{MIXED[:22]}_{MIXED}", f"github_pat_{MIXED[:22]}_{MIXED}"),
    "GitLab": (f"glpat-{MIXED[:20]}", f"glpat-{MIXED[:20]}"),
    "AWS key id": (f"aws_access_key_id = AKIA{UPPER}", f"AKIA{UPPER}"),
    "AWS secret": (f"aws_secret_access_key = {MIXED}abcd", f"{MIXED}abcd"),
    "Google": (f"https://maps.example.com/?k=AIza{MIXED[:35]}&v=3", f"AIza{MIXED[:35]}"),
    "Slack": (f"xoxb-123456789012-{MIXED[:24]}", f"xoxb-123456789012-{MIXED[:24]}"),
    "Slack webhook": (f"https://hooks.slack.com/services/T000/B000/{MIXED[:24]}", f"T000/B000/{MIXED[:24]}"),
    "Stripe": (f"stripe.api_key = 'sk_live_{MIXED[:24]}'", f"sk_live_{MIXED[:24]}"),
    "Stripe webhook": (f"whsec_{MIXED[:32]}", f"whsec_{MIXED[:32]}"),
    "npm": (f"//registry.example.org/:_authToken=npm_{MIXED}", f"npm_{MIXED}"),
    "PyPI": (f"pypi-AgEIcHlwaS5vcmc{MIXED}{MIXED}", f"pypi-AgEIcHlwaS5vcmc{MIXED}{MIXED}"),
    "Hugging Face": (f"hf_{MIXED[:34]}", f"hf_{MIXED[:34]}"),
    "SendGrid": (f"SG.{MIXED[:22]}.{MIXED}abcdefg", f"SG.{MIXED[:22]}.{MIXED}abcdefg"),
    "Azure": (f"AccountName=a;AccountKey={MIXED}{MIXED}==;", f"{MIXED}{MIXED}=="),
    "JWT": (f"cookie: session={JWT}; path=/", JWT),
    "private key": (f"-----BEGIN RSA PRIVATE KEY-----\n{KEY_BLOCK}-----END RSA PRIVATE KEY-----", KEY_BLOCK),
    "private key, cut off": (f"-----BEGIN PRIVATE KEY-----\n{KEY_BLOCK}", KEY_BLOCK),
    "private key in JSON": (rf'{{"k": "-----BEGIN PRIVATE KEY-----\n{KEY_LINE}\n-----END"}}', rf"{KEY_LINE}\n"),
    "Bearer": (f"curl -H 'Authorization: Bearer {MIXED}' x", MIXED),
    "Basic": ("Authorization: Basic dXNlcjpwYXNzd29yZA==", "dXNlcjpwYXNzd29yZA=="),
    "header in code": (f'headers = {{"Authorization": "Bearer {HEX}"}}', HEX),
    "URL": ("DATABASE_URL=postgresql+asyncpg://app:s3cret!word@db:5432/blog", "s3cret!word"),
    "URL without a user": ("redis://:hunter2hunter@cache:6379/0", "hunter2hunter"),
    "option of a URL": ("GET /export?page=2&api_key=abc123def HTTP/1.1", "abc123def"),
    "connection string": ('"host=db user=app password=tr0ub4dor"', "tr0ub4dor"),
    "ADO connection string": ('"Server=db;User Id=sa;Password=Tr0ub4dor&3;Encrypt=yes"', "Tr0ub4dor&3"),
    "assignment": ('SECRET_KEY = "django-insecure-abc"', "django-insecure-abc"),
    "default password": ('password = "changeme"', "changeme"),
    "raw, single quotes": (r"DB_PASSWORD = r'a\b'", r"a\b"),
    "annotated": ('password: str = "hunter2"', "hunter2"),
    "optional": ('api_key: Optional[str] = "k-123456"', "k-123456"),
    "keyword argument": ("connect(user='app', password='hunter2')", "hunter2"),
    "attribute": ('self.client_secret = "s p a c e d 1"', "s p a c e d 1"),
    "subscript": ('os.environ["API_KEY"] = "k-123456"', "k-123456"),
    "default of a look-up": ('os.environ.get("SECRET_KEY", "dev-secret")', "dev-secret"),
    "named default": ('config("JWT_SECRET", default="dev-secret")', "dev-secret"),
    "comparison": ('if password == "hunter2":', "hunter2"),
    "JSON": ('{"client_secret": "abc-def", "id": 1}', "abc-def"),
    "JSON in a text": (r'"{\"password\": \"hunter2\"}"', "hunter2"),
    "JavaScript": ("const config = { apiKey: 'k-123456' }", "k-123456"),
    "triple quotes": ('private_key = """\nabc\ndef\n"""', "\nabc\ndef\n"),
    "escaped quote": (r'password = "a\"b"', r"a\"b"),
    "environment file": ("DEBUG=1\nDB_PASSWORD=hunter2\nPORT=80", "hunter2"),
    "plain word in an environment file": ("export POSTGRES_PASSWORD=postgres\n", "postgres"),
    "Docker": ("ENV API_KEY=abc123\n", "abc123"),
    "Compose": ("    environment:\n      - JWT_SECRET=topsecret1\n", "topsecret1"),
    "YAML": ("database:\n  password: hunter2-prod\n  port: 5432", "hunter2-prod"),
    "YAML, number": ("password: 12345678\n", "12345678"),
    "YAML, plain word": ("POSTGRES_PASSWORD: example\n", "example"),
    "INI": ("[db]\npassword = s3cr3t-word ; not for git\n", "s3cr3t-word"),
    "properties": ("spring.datasource.password=hunter2-prod\n", "hunter2-prod"),
    "log": (f"INFO login token={HEX} user=3", HEX),
    "camel case": ('"accessToken": "abc123def456"', "abc123def456"),
    "one word": ('dbpassword = "hunter2"', "hunter2"),
}

ALONE = {
    "git SHA": "commit 9c1185a5c5e9fc54612808977ee8f548b2258d31",
    "UUID": 'id = "123e4567-e89b-12d3-a456-426614174000"',
    "lock file": 'files = [{file = "a.whl", hash = "sha256:9c1185a5c5e9fc54612808977ee8f548b2258d31aa"}]',
    "npm lock": '"integrity": "sha512-' + MIXED * 2 + '=="',
    "image": '<img src="data:image/png;base64,' + MIXED * 30 + '">',
    "count": "token_count = 12",
    "limit": "max_tokens = 4096\nTOKEN_LIMIT=100000",
    "time": 'password_changed_at = "2026-01-01"',
    "CSRF": "csrf_token = get_token(request)",
    "template tag": "<form>{% csrf_token %}</form>",
    "template": 'SECRET_KEY = "{{ secret_key }}"',
    "shell variable": 'DB_PASSWORD="${DB_PASSWORD}"\nAPI_KEY=$API_KEY\nTOKEN=$(cat token)',
    "for the reader": 'api_key = "<your key>"\npassword: <password>',
    "for the reader, in words": 'OPENAI_API_KEY = "your-api-key-here"',
    "mask": 'password = "********"\ntoken: xxxxxxxx',
    "environment": 'SECRET_KEY = os.environ["SECRET_KEY"]\npassword = os.getenv("DB_PASSWORD")',
    "settings": "api_key = settings.API_KEY\nSECRET=settings.SECRET",
    "nothing": 'password = None\ntoken = ""\nsecret: null\n',
    "annotation": "password: str\ntoken: str | None = None\nAPI_KEY: SecretStr\nkey_hash: bytes32",
    "call": "password = make_password(raw)\nsecret_key = secrets.token_hex(32)\ntoken: Mapped[str] = mapped_column(x)",
    "column": 'password_hash = Column("password_hash", String(255))',
    "names in a list": 'fields = ["password", "token", "email"]',
    "names of fields": '{"password": "password", "token_type": "bearer", "tokenUrl": "token"}',
    "kinds of token": 'token = "IDENTIFIER"\nif token == "(":\n    next_token = ","',
    "translation": '{"forgotPassword": "Forgot your password?", "password": "Password"}',
    "help": 'password = Field(description="At least 12 characters")',
    "module": 'PASSWORD_HASHER = "django.contrib.auth.hashers"\nSECRET_BACKEND = "app.secrets.vault"',
    "file": 'POSTGRES_PASSWORD_FILE=/run/secrets/password\nprivate_key = "/etc/ssl/private.pem"',
    "reference": 'password = "vault:database/creds"\nTOKEN_URL = "https://example.org/token"',
    "prose": "Password: required. A token is sent; the secret is kept by the server. Bearer authentication is used.",
    "documentation": "`password` — the user's password\n- **token**: a token",
    "keys": 'primary_key = "id"\ncache_key = "user:1"\nforeign_key: user_id\nfor key, value in items.items(): pass',
    "f-string": 'url = f"postgresql://{user}:{password}@{host}/db"\nauth = f"Bearer {token}"\nsecret = f"{prefix}-x"',
    "ports": "http://localhost:8000/@alice http://127.0.0.1:3000/a@b https://example.org:443/x@1.2",
    "address": "mailto:a@example.org ssh://git@example.org/a.git https://user@example.org",
    "CSS": ".task-list sk-cube-grid-animation-delay disk-usage-percentage-value",
    "short prefixes": "xoxo-hugs-and-kisses npm_config_registry hf_hub_download ghp_ SG.1 sk-learn",
    "PEM in code": 'if "-----BEGIN PRIVATE KEY-----" in text:\n    raise ValueError("a private key")',
    "public key": f"-----BEGIN PUBLIC KEY-----\n{KEY_BLOCK}-----END PUBLIC KEY-----",
    "arguments": "connect(\n    password=password,\n    token=user_token,\n    secret=load_secret(),\n)",
    "TypeScript": "interface User {\n  password: string;\n  token: Token;\n}",
    "awaited": "token = await fetch_token()\nsecret = yield secret_name",
}


@pytest.mark.parametrize(("text", "secret"), SECRETS.values(), ids=SECRETS)
def test_this_secret_is_hidden_and_nothing_else(text: str, secret: str) -> None:
    redactor = Redactor()
    hidden = redactor.hide(text)
    before, _, after = text.partition(secret)
    assert re.fullmatch(re.escape(before) + r"\[secret-[0-9a-f]{8}\]" + re.escape(after), hidden)
    assert redactor.reveal(hidden) == text


@pytest.mark.parametrize("text", ALONE.values(), ids=ALONE)
def test_this_is_left_alone(text: str) -> None:
    assert Redactor().hide(text) is text
