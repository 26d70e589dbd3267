/* What httpd itself can do with a draw's request: the benchmark's measure of
 * this machine, never installed.
 *
 * It does what any module would have to: finds its path without a directory
 * walk, reads and parses the JSON body, checks the bearer token and the
 * Idempotency-Key, and answers 201 with JSON of a draw's shape and size. It has
 * no queue and no database: n is a counter, receipt and checkpoint are
 * constant.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include <ap_config.h>
#include <httpd.h>
#include <http_config.h>
#include <http_core.h>
#include <http_protocol.h>
#include <http_request.h>
#include <apr_atomic.h>
#include <apr_strings.h>
#include <jansson.h>
#include <sodium.h>

#define BODY_MAX 16384
#define PATH_PREFIX "/api/v1/campaigns/"
#define PATH_SUFFIX "/draws"

module AP_MODULE_DECLARE_DATA ceiling_module;

typedef struct ceiling_config_t {
    unsigned char digest[crypto_hash_sha256_BYTES];
} ceiling_config_t;

static apr_uint32_t next_n = 1;

static void *ceiling_create(apr_pool_t *p, server_rec *s)
{
    return apr_pcalloc(p, sizeof(ceiling_config_t));
}

static const char *ceiling_set_digest(cmd_parms *cmd, void *dir,
                                      const char *hex)
{
    ceiling_config_t *config =
        ap_get_module_config(cmd->server->module_config, &ceiling_module);
    size_t len = 0;

    if (sodium_hex2bin(config->digest, sizeof(config->digest), hex, strlen(hex),
                       NULL, &len, NULL) != 0 ||
        len != sizeof(config->digest))
        return "CeilingTokenDigest takes a SHA-256 in hex";
    return NULL;
}

static int ceiling_translate(request_rec *r)
{
    apr_size_t len = strlen(r->uri), suffix = strlen(PATH_SUFFIX);

    if (strncmp(r->uri, PATH_PREFIX, strlen(PATH_PREFIX)) != 0 ||
        len <= strlen(PATH_PREFIX) + suffix ||
        strcmp(r->uri + len - suffix, PATH_SUFFIX) != 0)
        return DECLINED;
    r->filename = apr_pstrcat(r->pool, "ceiling:", r->uri, NULL);
    r->handler = "ceiling";
    return OK;
}

static int ceiling_map(request_rec *r)
{
    return r->filename && strncmp(r->filename, "ceiling:", 8) == 0 ? OK
                                                                   : DECLINED;
}

static int token_ok(request_rec *r)
{
    const ceiling_config_t *config =
        ap_get_module_config(r->server->module_config, &ceiling_module);
    const char *value = apr_table_get(r->headers_in, "Authorization");
    unsigned char digest[crypto_hash_sha256_BYTES];

    if (!value || strncasecmp(value, "Bearer ", 7) != 0)
        return 0;
    value += 7;
    crypto_hash_sha256(digest, (const unsigned char *)value, strlen(value));
    return sodium_memcmp(digest, config->digest, sizeof(digest)) == 0;
}

static int key_ok(request_rec *r)
{
    const char *key = apr_table_get(r->headers_in, "Idempotency-Key");
    apr_size_t i;

    if (!key)
        return 0;
    for (i = 0; key[i]; i++)
        if (key[i] < '!' || key[i] > '~')
            return 0;
    return i >= 1 && i <= 64;
}

/* The whole body into body (room for BODY_MAX); an HTTP status or OK. */
static int read_body(request_rec *r, char *body, apr_size_t *len)
{
    apr_bucket_brigade *bb =
        apr_brigade_create(r->pool, r->connection->bucket_alloc);
    int seen_eos = 0;

    *len = 0;
    while (!seen_eos) {
        apr_bucket *b;
        apr_status_t rv = ap_get_brigade(
            r->input_filters, bb, AP_MODE_READBYTES, APR_BLOCK_READ, BODY_MAX);

        if (rv != APR_SUCCESS)
            return ap_map_http_request_error(rv, HTTP_BAD_REQUEST);
        for (b = APR_BRIGADE_FIRST(bb); b != APR_BRIGADE_SENTINEL(bb);
             b = APR_BUCKET_NEXT(b)) {
            const char *data;
            apr_size_t n;

            if (APR_BUCKET_IS_EOS(b))
                seen_eos = 1;
            if (APR_BUCKET_IS_METADATA(b))
                continue;
            if (apr_bucket_read(b, &data, &n, APR_BLOCK_READ) != APR_SUCCESS)
                return HTTP_BAD_REQUEST;
            if (n > BODY_MAX - *len)
                return HTTP_REQUEST_ENTITY_TOO_LARGE;
            memcpy(body + *len, data, n);
            *len += n;
        }
        apr_brigade_cleanup(bb);
    }
    return OK;
}

static int participant_ok(const char *body, apr_size_t len)
{
    json_t *doc = json_loadb(body, len, JSON_REJECT_DUPLICATES, NULL);
    json_t *id = json_object_get(doc, "participant");
    int ok = id && json_string_length(id) >= 1 && json_string_length(id) <= 128;

    json_decref(doc);
    return ok;
}

static void answer(request_rec *r)
{
    apr_uint32_t n = apr_atomic_inc32(&next_n);
    char text[2048];
    int len = apr_snprintf(
        text, sizeof(text),
        "{\"campaign\":\"hot\",\"draws\":[{\"n\":%u,\"t\":1795000000000,"
        "\"outcome\":\"prize\",\"prize\":{\"code\":\"C\",\"name\":"
        "\"\xe3\x81\x8a\xe8\x8f\x93\xe5\xad\x90\"},\"receipt\":{\"leaf\":"
        "\"{\\\"i\\\":%u,\\\"kind\\\":\\\"draw\\\",\\\"n\\\":%u,\\\"prize\\\":"
        "\\\"C\\\",\\\"t\\\":1795000000000,\\\"who\\\":\\\"4bf5122f344554c53bde"
        "2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a\\\"}\",\"index\":%u,"
        "\"salt\":\"6e340b9cffb37a989ca544e6bb780a2c\"}}],\"checkpoint\":"
        "\"127.0.0.1:8080/k/hot\\n%u\\n"
        "bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=\\n\\n\xe2\x80\x94 "
        "127.0.0.1:8080/k/hot "
        "3q2+71TTDyHFZWN1VUKQYfgnY3OZp3yA0jvLCrTJqTZQHtF0Vs3xXnxp2b1bGmT8P7"
        "g0cNfdpyQwqcSlpJgUBnkWnBVv\\n\"}",
        n, n, n, n, n + 1);

    r->status = HTTP_CREATED;
    ap_set_content_type(r, "application/json");
    apr_table_setn(r->headers_out, "Cache-Control", "no-store");
    ap_set_content_length(r, len);
    ap_rwrite(text, len, r);
}

static int ceiling_handler(request_rec *r)
{
    char body[BODY_MAX];
    apr_size_t len;
    const char *type;
    int status;

    if (!r->handler || strcmp(r->handler, "ceiling") != 0)
        return DECLINED;
    if (r->method_number != M_POST)
        return HTTP_METHOD_NOT_ALLOWED;
    type = apr_table_get(r->headers_in, "Content-Type");
    if (!type || strncasecmp(type, "application/json", 16) != 0)
        return HTTP_UNSUPPORTED_MEDIA_TYPE;
    if (!token_ok(r))
        return HTTP_UNAUTHORIZED;
    if (!key_ok(r))
        return HTTP_BAD_REQUEST;
    if ((status = read_body(r, body, &len)) != OK)
        return status;
    if (!participant_ok(body, len))
        return HTTP_BAD_REQUEST;
    answer(r);
    return OK;
}

static const command_rec ceiling_commands[] = {
    AP_INIT_TAKE1("CeilingTokenDigest", ceiling_set_digest, NULL, RSRC_CONF,
                  "SHA-256 of the one bearer token, in hex"),
    {.name = NULL}};

static void ceiling_hooks(apr_pool_t *p)
{
    ap_hook_translate_name(ceiling_translate, NULL, NULL, APR_HOOK_FIRST);
    ap_hook_map_to_storage(ceiling_map, NULL, NULL, APR_HOOK_FIRST);
    ap_hook_handler(ceiling_handler, NULL, NULL, APR_HOOK_MIDDLE);
}

AP_DECLARE_MODULE(ceiling) = {STANDARD20_MODULE_STUFF, NULL, NULL,
                              ceiling_create,          NULL, ceiling_commands,
                              ceiling_hooks,           0};
