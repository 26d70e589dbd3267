/* Pages for people: a template over a handler's data and what every page has.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_RENDER_H
#define KUJI_WEB_RENDER_H

#include "web/response.h"
#include "web/template.h"

/** Remembers a language that was chosen by ?lang=. */
#define KUJI_LANGUAGE_COOKIE "kuji-lang"

/** In post_config. dir: the installed templates; override_dir: KujiTemplateDir
 * or NULL. *why as kuji_templates_load. */
apr_status_t kuji_render_create(const kuji_render_t **render, const char **why,
                                const char *dir, const char *override_dir,
                                apr_pool_t *p);

/** Answers with template `name` over data (released here), which gets what the
 * layout needs: of the participants' area, or of the console's where
 * web->is_admin. */
int kuji_render_page(kuji_web_t *web, int status, kuji_caching_e caching,
                     const char *name, json_t *data);

/** The page of a problem: what happened, what to do. For kuji_problem(), which
 * has set the headers. web->page adds to its data: `name` of other texts than
 * the problem's own, `what` another sentence of them, `safe`. */
int kuji_render_problem(kuji_web_t *web, const kuji_problem_t *problem);

/** GET /assets/{name}, for any host. */
int kuji_render_asset(kuji_web_t *web);

/** As kuji_templates_mail. */
const char *kuji_render_mail(const kuji_render_t *render, const char *language,
                             const char *name);

/** The language of an organiser's text where it is not the page's: "ja", or
 * NULL. Data of that name goes into the lang attribute of its element. */
const char *kuji_render_lang(const kuji_web_t *web, const char *text);

/** A text of the request's language in r->pool, "" if there is none. */
const char *kuji_render_text(kuji_web_t *web, const char *name, json_t *data);

#endif
