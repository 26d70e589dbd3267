/* SPDX-License-Identifier: Apache-2.0 */
#include "web/consent.h"
#include "web/render.h"

#include <apr_strings.h>
#include <apr_thread_mutex.h>
#include <sodium.h>
#include <string.h>

#define SLOTS 512
#define HEX (2 * KUJI_DIGEST_LEN)

struct kuji_kept_t {
    apr_thread_mutex_t *mutex;
    unsigned char digests[SLOTS][KUJI_DIGEST_LEN]; /* by their first bytes */
};

apr_status_t kuji_kept_create(kuji_kept_t **kept, apr_pool_t *p)
{
    *kept = apr_pcalloc(p, sizeof(**kept));
    return apr_thread_mutex_create(&(*kept)->mutex, APR_THREAD_MUTEX_DEFAULT,
                                   p);
}

static unsigned char *slot_of(kuji_kept_t *kept, const unsigned char *digest)
{
    return kept->digests[(digest[0] << 8 | digest[1]) % SLOTS];
}

static int is_kept(kuji_kept_t *kept, const unsigned char *digest)
{
    int is;

    apr_thread_mutex_lock(kept->mutex);
    is = memcmp(slot_of(kept, digest), digest, KUJI_DIGEST_LEN) == 0;
    apr_thread_mutex_unlock(kept->mutex);
    return is;
}

static void remember(kuji_kept_t *kept, const unsigned char *digest)
{
    apr_thread_mutex_lock(kept->mutex);
    memcpy(slot_of(kept, digest), digest, KUJI_DIGEST_LEN);
    apr_thread_mutex_unlock(kept->mutex);
}

/* -- what the boxes say ---------------------------------------------------- */

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text && *text ? text : NULL;
}

/* The organiser's in that language, else in Japanese; NULL. */
static const char *own_text(const kuji_web_t *web, const char *language,
                            const char *name)
{
    const json_t *texts = json_object_get(web->campaign->config, "texts");
    const char *text = text_of(json_object_get(texts, language), name);

    return text ? text : text_of(json_object_get(texts, "ja"), name);
}

static const char *purpose_of(const kuji_web_t *web, const char *language)
{
    const json_t *privacy = json_object_get(web->campaign->config, "privacy");
    const char *text =
        strcmp(language, "en") == 0 ? text_of(privacy, "purpose_en") : NULL;

    return text ? text : text_of(privacy, "purpose");
}

/* Without its tags: what a person reads. */
static const char *plain(const char *html, apr_pool_t *pool)
{
    char *out = apr_palloc(pool, strlen(html) + 1), *o = out;
    int inside = 0;

    for (; *html; html++) {
        if (*html == '<') {
            inside = 1;
        }
        else if (*html == '>' && inside) {
            inside = 0;
        }
        else if (!inside) {
            *o++ = *html;
        }
    }
    *o = '\0';
    return out;
}

/* Our sentence, in another language than the request's too. */
static const char *ours(kuji_web_t *web, const char *language, const char *name)
{
    const char *mine = web->language, *text;

    if (!web->process->render) {
        return NULL;
    }
    web->language = language;
    text = plain(kuji_render_text(web, name, NULL), web->r->pool);
    web->language = mine;
    return text;
}

/* What LINE tells of a person is used as the campaign says of all personal
 * data. */
static void profile_for(kuji_consent_text_t *text, kuji_web_t *web,
                        const char *language)
{
    text->wording = ours(web, language, "line.consent");
    if (!text->purpose) {
        text->purpose = ours(web, language, "line.purpose");
    }
}

/* 0: the campaign has no such box. */
static int text_for(kuji_consent_text_t *text, kuji_web_t *web,
                    kuji_consent_e kind, const char *language)
{
    text->kind = kind;
    text->language = language;
    text->purpose = purpose_of(web, language);
    if (kind == KUJI_CONSENT_MARKETING) {
        text->wording = own_text(web, language, "marketing_consent");
        return text->wording != NULL;
    }
    if (kind == KUJI_CONSENT_PROFILE) {
        profile_for(text, web, language);
        return text->wording != NULL;
    }
    text->wording = own_text(web, language, "consent");
    if (!text->wording) {
        text->wording = ours(web, language, "form.consent");
    }
    return text->purpose && text->wording;
}

static void digest_of(unsigned char out[KUJI_DIGEST_LEN], const kuji_web_t *web,
                      const kuji_consent_text_t *text)
{
    kuji_consent_digest(out, web->campaign->uuid, text);
}

static json_t *value_of(const kuji_web_t *web, const kuji_consent_text_t *text)
{
    unsigned char digest[KUJI_DIGEST_LEN];
    char value[HEX + 1];

    digest_of(digest, web, text);
    return json_string(
        sodium_bin2hex(value, sizeof value, digest, sizeof digest));
}

void kuji_consents_add(json_t *data, kuji_web_t *web)
{
    json_t *boxes = json_object();
    kuji_consent_text_t text;
    int kind;

    for (kind = 0; kind <= KUJI_CONSENT_MARKETING; kind++) {
        if (text_for(&text, web, (kuji_consent_e)kind, web->language)) {
            json_object_set_new(boxes, kuji_consent_name(text.kind),
                                json_pack("{s:o, s:s, s:s*}", "value",
                                          value_of(web, &text), "text",
                                          text.wording, "own_lang",
                                          kuji_render_lang(web, text.wording)));
        }
    }
    json_object_set_new(data, "consents", boxes);
}

json_t *kuji_consents_profile(kuji_web_t *web)
{
    kuji_consent_text_t text;

    (void)text_for(&text, web, KUJI_CONSENT_PROFILE, web->language);
    return json_pack("{s:o, s:s, s:s, s:s*, s:s*}", "value",
                     value_of(web, &text), "text", text.wording, "purpose",
                     text.purpose, "text_lang",
                     kuji_render_lang(web, text.wording), "purpose_lang",
                     kuji_render_lang(web, text.purpose));
}

/* -- what was ticked ------------------------------------------------------- */

static int is_digest(const char *value)
{
    return strlen(value) == HEX && strspn(value, "0123456789abcdef") == HEX;
}

/* 0: the words of that digest are not what the page says now. */
static int find(kuji_consent_text_t *text, unsigned char digest[],
                kuji_web_t *web, kuji_consent_e kind, const char *value)
{
    static const char *const languages[] = {"ja", "en"};
    char now[HEX + 1];
    int i;

    if (!is_digest(value)) {
        return text_for(text, web, kind, web->language) &&
               (digest_of(digest, web, text), 1);
    }
    for (i = 0; i < 2; i++) {
        if (text_for(text, web, kind, languages[i])) {
            digest_of(digest, web, text);
            sodium_bin2hex(now, sizeof now, digest, KUJI_DIGEST_LEN);
            if (strcmp(now, value) == 0) {
                return 1;
            }
        }
    }
    return 0;
}

/* As kuji_consents_read, of one box. */
static const char *read_box(kuji_consents_t *out, kuji_web_t *web,
                            kuji_consent_e kind, const char *value)
{
    kuji_consent_text_t *text = &out->texts[out->count];

    if (!text_for(text, web, kind, web->language)) {
        return NULL;
    }
    if (!value || !*value) {
        return kind == KUJI_CONSENT_TERMS ? "consent" : NULL;
    }
    if (!find(text, out->digests[out->count], web, kind, value)) {
        return "consent_changed";
    }
    out->count++;
    return NULL;
}

const char *kuji_consents_read(kuji_consents_t *out, kuji_web_t *web,
                               const kuji_form_t *form)
{
    const char *wrong;

    out->count = 0;
    wrong =
        read_box(out, web, KUJI_CONSENT_TERMS, kuji_form_get(form, "consent"));
    return wrong ? wrong
                 : read_box(out, web, KUJI_CONSENT_MARKETING,
                            kuji_form_get(form, "marketing"));
}

const char *kuji_consents_read_profile(kuji_consents_t *out, kuji_web_t *web,
                                       const char *value)
{
    out->count = 0;
    return read_box(out, web, KUJI_CONSENT_PROFILE, value);
}

apr_status_t kuji_consents_keep(kuji_web_t *web,
                                const kuji_consents_t *consents)
{
    kuji_act_t act = {.pg = web->process->pg, .tenant = web->tenant->id};
    apr_status_t rv = APR_SUCCESS;
    int i;

    for (i = 0; i < consents->count && rv == APR_SUCCESS; i++) {
        if (is_kept(web->process->kept, consents->digests[i])) {
            continue;
        }
        rv = kuji_consent_keep(&act, web->campaign->id, consents->digests[i],
                               &consents->texts[i], web->r->pool);
        if (rv == APR_SUCCESS) {
            remember(web->process->kept, consents->digests[i]);
        }
    }
    return rv;
}
