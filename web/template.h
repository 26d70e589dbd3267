/* Templates, texts and assets as files: read and compiled once, at start. Knows
 * no httpd, so that tests and tools can render pages without one.
 *
 * A directory holds AREA/NAME.mustache, locale/LANGUAGE.json and assets/FILE.
 * In a template of an area {{>name}} and {{<name}} mean that area's NAME, and
 * {{>t.a.b}} the language's text at a.b: texts are templates themselves, so
 * that "残り{{left}}本" is one sentence for the translator.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_TEMPLATE_H
#define KUJI_WEB_TEMPLATE_H

#include "core/error.h"

#include <apr_pools.h>
#include <jansson.h>

/** Longest page, bytes. */
#define KUJI_PAGE_MAX (4 * 1024 * 1024)

typedef struct kuji_templates_t kuji_templates_t;

typedef struct kuji_asset_t {
    const char *name;     /* "participant.css" */
    const char *url_name; /* "participant.0123456789abcdef.css": by content */
    const char *type;     /* Content-Type */
    const char *bytes;
    apr_size_t len;
} kuji_asset_t;

/** Reads dir, then override_dir (may be NULL), whose files take the place of
 * dir's. Immutable afterwards, lives in pool. KUJI_EINVAL, KUJI_ENOTFOUND or a
 * file's error with *why: file, line, reason. */
apr_status_t kuji_templates_load(const kuji_templates_t **out, const char **why,
                                 const char *dir, const char *override_dir,
                                 apr_pool_t *pool);

/** Renders template `name` ("participant/campaign") in a language ("ja", "en")
 * over data (borrowed); result in pool. KUJI_ENOTFOUND, KUJI_ETOOBIG. */
apr_status_t kuji_templates_render(const char **out, apr_size_t *len,
                                   const kuji_templates_t *templates,
                                   const char *name, const char *language,
                                   json_t *data, apr_pool_t *pool);

/** One text ("problem.busy.title") rendered over data (may be NULL); NULL if
 * there is none by that name. Meant to become data itself, so it is plain text:
 * a value in such a text stands in three braces, because it will be escaped
 * where the text is shown. */
const char *kuji_templates_text(const kuji_templates_t *templates,
                                const char *language, const char *name,
                                json_t *data, apr_pool_t *pool);

/** The source of a mail's own text ("win.subject": mail.text.win.subject), for
 * core/mail_text.h, which escapes nothing; NULL. */
const char *kuji_templates_mail(const kuji_templates_t *templates,
                                const char *language, const char *name);

/** By url_name; NULL. */
const kuji_asset_t *kuji_templates_asset(const kuji_templates_t *templates,
                                         const char *url_name);
/** {"participant_css": base + url_name, …}: a new object; anything but letters
 * and digits in a name becomes '_'. */
json_t *kuji_templates_asset_urls(const kuji_templates_t *templates,
                                  const char *base);

#endif
