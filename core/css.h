/* Organisers' added CSS: parsed by CSS Syntax Level 3 (W3C), checked against
 * lists of what may be said, and written anew from its tokens, each selector
 * below a container of the page. The source itself never reaches a page.
 *
 * What it cannot reach is decided twice. Here: a selector only finds what is
 * inside the container; at-rules are @media, @supports and @keyframes, whose
 * names get a prefix; properties and functions are those of the lists, so that
 * nothing is fetched but the tenant's own images, and nothing is fixed to the
 * window. And by the page: the container clips what is inside (contain:
 * content), and holds no legal part (consent, rules, receipt, proof, footer).
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_CSS_H
#define KUJI_CORE_CSS_H

#include <apr_pools.h>

/** Longest source and longest result, bytes. */
#define KUJI_CSS_MAX (64 * 1024)
#define KUJI_CSS_OUT_MAX (256 * 1024)
/** No more faults than this are told. */
#define KUJI_CSS_FAULTS_MAX 50

/** The class of the containers that added CSS reaches into. */
#define KUJI_CSS_SCOPE "organiser"

typedef enum kuji_css_fault_e {
    KUJI_CSS_TOO_LARGE, /* source or result */
    KUJI_CSS_ENCODING,  /* no UTF-8, or a control character */
    KUJI_CSS_SYNTAX,    /* not CSS, or a bracket without its other half */
    KUJI_CSS_AT_RULE,   /* an at-rule that is not on the list */
    KUJI_CSS_SELECTOR,  /* a selector that is not on the list */
    KUJI_CSS_OUTSIDE,   /* a selector for what is outside the container */
    KUJI_CSS_NESTING,   /* a rule inside a rule */
    KUJI_CSS_PROPERTY,  /* a property that is not on the list */
    KUJI_CSS_VALUE,     /* a value, function or unit that is not on the list */
    KUJI_CSS_URL,       /* url() of anything but an image of the tenant's */
    KUJI_CSS_FAULTS
} kuji_css_fault_e;

typedef struct kuji_css_report_t {
    int line; /* of the source, from 1 */
    kuji_css_fault_e fault;
    const char *what; /* the word at fault, up to 60 bytes, or "" */
} kuji_css_report_t;

typedef struct kuji_css_t {
    const char *text; /* ASCII but for names and strings; never holds a '<' */
    apr_size_t len;
    const kuji_css_report_t *faults;
    int nfaults;
    const char *const *images; /* names of images used (core/image.h) */
    int nimages;
} kuji_css_t;

/** "at-rule", "url", …: a fault's name in texts. */
const char *kuji_css_fault_name(kuji_css_fault_e fault);

/** What is at fault is left out of the result and told; a source whose brackets
 * do not fit yields nothing but that. Images are url(NAME), url(/i/NAME) or
 * url(../../i/NAME), quoted or not; the last is what the result says, which
 * stands at /k/{slug}/theme.css. Everything in pool. */
void kuji_css_clean(kuji_css_t *css, const char *source, apr_size_t len,
                    apr_pool_t *pool);

#endif
