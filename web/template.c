/* Reading and compiling the files, and finding them again by name.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/template.h"
#include "core/mustache.h"

#include <apr_file_io.h>
#include <apr_hash.h>
#include <apr_lib.h>
#include <apr_strings.h>
#include <sodium.h>
#include <string.h>

/** Largest file that a directory may bring. */
#define FILE_MAX (4 * 1024 * 1024)
#define LANGUAGES 2
/** Texts that organisers may put their own in place of. */
#define MAILS "mail.text."

static const char *const language_names[LANGUAGES] = {"ja", "en"};

struct kuji_templates_t {
    apr_hash_t *pages;            /* "participant/list" -> kuji_mustache_t */
    apr_hash_t *texts[LANGUAGES]; /* "list.title" -> kuji_mustache_t */
    apr_hash_t *mails[LANGUAGES]; /* "mail.text.…" -> as it was written */
    apr_hash_t *assets;           /* by url_name */
    apr_hash_t *asset_names;      /* by name */
    apr_array_header_t *list;     /* of asset_names' kuji_asset_t pointers */
};

typedef struct load_t {
    kuji_templates_t *templates;
    const char *why;
    apr_pool_t *pool;
} load_t;

typedef apr_status_t file_fn(load_t *load, const char *path, const char *name);

static apr_status_t fail(load_t *load, apr_status_t rv, const char *path,
                         const char *reason)
{
    load->why = apr_pstrcat(load->pool, path, ": ", reason, NULL);
    return rv;
}

static apr_status_t fail_errno(load_t *load, apr_status_t rv, const char *path)
{
    char reason[120];

    return fail(load, rv, path, kuji_strerror(rv, reason, sizeof reason));
}

static apr_status_t read_file(char **bytes, apr_size_t *len, load_t *load,
                              const char *path)
{
    apr_file_t *file;
    apr_finfo_t info;
    apr_status_t rv;

    rv = apr_file_open(&file, path, APR_READ | APR_BINARY, 0, load->pool);
    if (rv != APR_SUCCESS) {
        return fail_errno(load, rv, path);
    }
    rv = apr_file_info_get(&info, APR_FINFO_SIZE, file);
    if (rv == APR_SUCCESS && info.size > FILE_MAX) {
        rv = KUJI_ETOOBIG;
    }
    if (rv == APR_SUCCESS) {
        *len = (apr_size_t)info.size;
        *bytes = apr_pcalloc(load->pool, *len + 1);
        rv = *len ? apr_file_read_full(file, *bytes, *len, NULL) : APR_SUCCESS;
    }
    apr_file_close(file);
    return rv == APR_SUCCESS ? rv : fail_errno(load, rv, path);
}

static apr_status_t read_template(load_t *load, const char *path,
                                  const char *name)
{
    apr_size_t len, name_len = strlen(name) - strlen(".mustache");
    const kuji_mustache_t *tmpl;
    const char *why;
    apr_status_t rv;
    char *text;

    rv = read_file(&text, &len, load, path);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    rv = kuji_mustache_compile(&tmpl, &why, text, len, load->pool);
    if (rv != APR_SUCCESS) {
        return fail(load, rv, path, why);
    }
    apr_hash_set(load->templates->pages,
                 apr_pstrmemdup(load->pool, name, name_len),
                 APR_HASH_KEY_STRING, tmpl);
    return APR_SUCCESS;
}

/* Every string below value becomes a template under its dotted path. */
static apr_status_t add_texts(load_t *load, int language, const char *path,
                              const char *prefix, json_t *value)
{
    kuji_templates_t *templates = load->templates;
    const kuji_mustache_t *tmpl;
    apr_status_t rv = APR_SUCCESS;
    const char *why, *key, *name;
    json_t *child;

    if (json_is_string(value)) {
        rv = kuji_mustache_compile(&tmpl, &why, json_string_value(value),
                                   json_string_length(value), load->pool);
        if (rv != APR_SUCCESS) {
            return fail(load, rv, path,
                        apr_pstrcat(load->pool, prefix, ": ", why, NULL));
        }
        apr_hash_set(templates->texts[language], prefix, APR_HASH_KEY_STRING,
                     tmpl);
        if (strncmp(prefix, MAILS, sizeof MAILS - 1) == 0) {
            apr_hash_set(templates->mails[language], prefix,
                         APR_HASH_KEY_STRING,
                         apr_pstrdup(load->pool, json_string_value(value)));
        }
    }
    json_object_foreach(value, key, child)
    {
        name = apr_pstrcat(load->pool, prefix, *prefix ? "." : "", key, NULL);
        if ((rv = add_texts(load, language, path, name, child)) !=
            APR_SUCCESS) {
            return rv;
        }
    }
    return rv;
}

static apr_status_t read_locale(load_t *load, const char *path,
                                const char *name)
{
    apr_status_t rv = APR_SUCCESS;
    json_error_t error;
    json_t *doc;
    int i;

    for (i = 0; i < LANGUAGES; i++) {
        if (strncmp(name, language_names[i], 2) != 0 || name[2] != '.') {
            continue;
        }
        doc = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
        if (!json_is_object(doc)) {
            json_decref(doc);
            return fail(load, KUJI_EINVAL, path, error.text);
        }
        rv = add_texts(load, i, path, "", doc);
        json_decref(doc);
    }
    return rv;
}

static const char *type_of(const char *name)
{
    static const char *const types[][2] = {
        {".css", "text/css; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".js", "text/javascript; charset=utf-8"},
        {".png", "image/png"},
        {".jpg", "image/jpeg"},
        {".webp", "image/webp"},
        {".woff2", "font/woff2"},
    };
    const char *dot = strrchr(name, '.');
    size_t i;

    for (i = 0; dot && i < sizeof types / sizeof *types; i++) {
        if (strcmp(dot, types[i][0]) == 0) {
            return types[i][1];
        }
    }
    return NULL; /* is not served */
}

/* name.css -> name.<16 hex digits of its content's SHA-256>.css */
static const char *url_name(const char *name, const char *bytes, apr_size_t len,
                            apr_pool_t *pool)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    const char *dot = strrchr(name, '.');
    char hex[17];

    crypto_hash_sha256(hash, (const unsigned char *)bytes, len);
    sodium_bin2hex(hex, sizeof hex, hash, 8);
    return apr_psprintf(pool, "%.*s.%s%s", (int)(dot - name), name, hex, dot);
}

static apr_status_t read_asset(load_t *load, const char *path, const char *name)
{
    kuji_templates_t *templates = load->templates;
    kuji_asset_t *asset, *before;
    apr_status_t rv;
    char *bytes;

    if (!type_of(name)) {
        return APR_SUCCESS;
    }
    asset = apr_pcalloc(load->pool, sizeof *asset);
    if ((rv = read_file(&bytes, &asset->len, load, path)) != APR_SUCCESS) {
        return rv;
    }
    asset->bytes = bytes;
    asset->name = apr_pstrdup(load->pool, name);
    asset->type = type_of(name);
    asset->url_name = url_name(name, bytes, asset->len, load->pool);
    before = apr_hash_get(templates->asset_names, name, APR_HASH_KEY_STRING);
    if (before) {
        apr_hash_set(templates->assets, before->url_name, APR_HASH_KEY_STRING,
                     NULL);
    }
    apr_hash_set(templates->asset_names, asset->name, APR_HASH_KEY_STRING,
                 asset);
    apr_hash_set(templates->assets, asset->url_name, APR_HASH_KEY_STRING,
                 asset);
    return APR_SUCCESS;
}

/* Calls read for every file of dir/folder that ends so; names begin with
 * prefix. An absent folder has no files. */
static apr_status_t each(load_t *load, const char *dir, const char *folder,
                         const char *prefix, const char *ending, file_fn *read)
{
    const char *path = apr_pstrcat(load->pool, dir, "/", folder, NULL), *dot;
    apr_status_t rv;
    apr_finfo_t info;
    apr_dir_t *open;

    rv = apr_dir_open(&open, path, load->pool);
    if (rv != APR_SUCCESS) {
        return APR_STATUS_IS_ENOENT(rv) ? APR_SUCCESS
                                        : fail_errno(load, rv, path);
    }
    while (!(rv = apr_dir_read(&info, APR_FINFO_NAME, open))) {
        dot = strrchr(info.name, '.');
        if (info.name[0] == '.' || !dot || (*ending && strcmp(dot, ending))) {
            continue;
        }
        rv = read(load, apr_pstrcat(load->pool, path, "/", info.name, NULL),
                  apr_pstrcat(load->pool, prefix, info.name, NULL));
        if (rv != APR_SUCCESS) {
            break;
        }
    }
    apr_dir_close(open);
    return APR_STATUS_IS_ENOENT(rv) ? APR_SUCCESS : rv;
}

static apr_status_t load_dir(load_t *load, const char *dir)
{
    apr_status_t rv;

    rv = each(load, dir, "participant", "participant/", ".mustache",
              read_template);
    if (rv == APR_SUCCESS) {
        rv = each(load, dir, "admin", "admin/", ".mustache", read_template);
    }
    if (rv == APR_SUCCESS) {
        rv = each(load, dir, "locale", "", ".json", read_locale);
    }
    return rv == APR_SUCCESS ? each(load, dir, "assets", "", "", read_asset)
                             : rv;
}

static void list_assets(kuji_templates_t *templates, apr_pool_t *pool)
{
    apr_hash_index_t *i = apr_hash_first(pool, templates->asset_names);

    templates->list = apr_array_make(pool, 8, sizeof(kuji_asset_t *));
    for (; i; i = apr_hash_next(i)) {
        APR_ARRAY_PUSH(templates->list, const kuji_asset_t *) =
            apr_hash_this_val(i);
    }
}

apr_status_t kuji_templates_load(const kuji_templates_t **out, const char **why,
                                 const char *dir, const char *override_dir,
                                 apr_pool_t *pool)
{
    kuji_templates_t *templates = apr_pcalloc(pool, sizeof *templates);
    load_t load = {templates, NULL, pool};
    apr_status_t rv;

    templates->pages = apr_hash_make(pool);
    templates->texts[0] = apr_hash_make(pool);
    templates->texts[1] = apr_hash_make(pool);
    templates->mails[0] = apr_hash_make(pool);
    templates->mails[1] = apr_hash_make(pool);
    templates->assets = apr_hash_make(pool);
    templates->asset_names = apr_hash_make(pool);
    rv = load_dir(&load, dir);
    if (rv == APR_SUCCESS && apr_hash_count(templates->pages) == 0) {
        rv = fail(&load, KUJI_ENOTFOUND, dir, "no templates there");
    }
    if (rv == APR_SUCCESS && override_dir) {
        rv = load_dir(&load, override_dir);
    }
    list_assets(templates, pool);
    *why = load.why;
    *out = templates;
    return rv;
}

typedef struct look_t {
    const kuji_templates_t *templates;
    int language;
    char area[32]; /* with its slash */
} look_t;

static int language_of(const char *name)
{
    return strcmp(name, "en") == 0;
}

static const kuji_mustache_t *find_text(const kuji_templates_t *templates,
                                        int language, const char *name)
{
    const kuji_mustache_t *found =
        apr_hash_get(templates->texts[language], name, APR_HASH_KEY_STRING);

    return found || !language ? found : find_text(templates, 0, name);
}

static const kuji_mustache_t *find(void *baton, const char *name)
{
    const look_t *look = baton;
    char path[160];

    if (strncmp(name, "t.", 2) == 0) {
        return find_text(look->templates, look->language, name + 2);
    }
    if (strlen(look->area) + strlen(name) >= sizeof path) {
        return NULL;
    }
    strcpy(path, look->area);
    strcat(path, name);
    return apr_hash_get(look->templates->pages, path, APR_HASH_KEY_STRING);
}

apr_status_t kuji_templates_render(const char **out, apr_size_t *len,
                                   const kuji_templates_t *templates,
                                   const char *name, const char *language,
                                   json_t *data, apr_pool_t *pool)
{
    const kuji_mustache_t *tmpl =
        apr_hash_get(templates->pages, name, APR_HASH_KEY_STRING);
    look_t look = {templates, language_of(language), ""};
    const char *slash = strrchr(name, '/');

    if (!tmpl) {
        return KUJI_ENOTFOUND;
    }
    if (slash) {
        apr_snprintf(look.area, sizeof look.area, "%.*s",
                     (int)(slash - name) + 1, name);
    }
    return kuji_mustache_render(out, len, tmpl, data, find, &look,
                                KUJI_PAGE_MAX, pool);
}

const char *kuji_templates_text(const kuji_templates_t *templates,
                                const char *language, const char *name,
                                json_t *data, apr_pool_t *pool)
{
    look_t look = {templates, language_of(language), ""};
    const kuji_mustache_t *tmpl = find_text(templates, look.language, name);
    json_t *empty = data ? NULL : json_object();
    const char *out = NULL;
    apr_size_t len;

    if (tmpl && kuji_mustache_render(&out, &len, tmpl, data ? data : empty,
                                     find, &look, KUJI_PAGE_MAX, pool)) {
        out = NULL;
    }
    json_decref(empty);
    return out;
}

const char *kuji_templates_mail(const kuji_templates_t *templates,
                                const char *language, const char *name)
{
    char path[80];

    apr_snprintf(path, sizeof path, MAILS "%s", name);
    return apr_hash_get(templates->mails[language_of(language)], path,
                        APR_HASH_KEY_STRING);
}

const kuji_asset_t *kuji_templates_asset(const kuji_templates_t *templates,
                                         const char *name)
{
    return apr_hash_get(templates->assets, name, APR_HASH_KEY_STRING);
}

json_t *kuji_templates_asset_urls(const kuji_templates_t *templates,
                                  const char *base)
{
    json_t *urls = json_object();
    const kuji_asset_t *asset;
    char key[128], *at;
    int i;

    for (i = 0; i < templates->list->nelts; i++) {
        asset = APR_ARRAY_IDX(templates->list, i, const kuji_asset_t *);
        apr_cpystrn(key, asset->name, sizeof key);
        for (at = key; *at; at++) {
            *at = apr_isalnum(*at) ? *at : '_';
        }
        json_object_set_new(urls, key,
                            json_sprintf("%s%s", base, asset->url_name));
    }
    return urls;
}
