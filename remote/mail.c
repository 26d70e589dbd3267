/* SPDX-License-Identifier: Apache-2.0 */
#include "remote/mail.h"

#include <apr_strings.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#define CONNECT apr_time_from_sec(10)
#define TOTAL apr_time_from_sec(60)
/** For the answer to a message, when told to stop: httpd kills after ten. */
#define LAST_WAIT apr_time_from_sec(5)

/* What was said to the server last. */
typedef enum stage_e { BEFORE, RECIPIENT, MESSAGE, OVER } stage_e;

struct kuji_mailer_t {
    CURL *curl;
    const kuji_mail_server_t *server;
    const int *stop;
    /* the message at hand */
    stage_e stage, last; /* last: before OVER */
    kuji_mail_reply_t reply;
    const char *text;
    apr_size_t left;
    apr_time_t stopped; /* when *stop was first seen */
};

static int is_loopback(const char *host, apr_size_t len)
{
    return (len == 9 && strncasecmp(host, "localhost", 9) == 0) ||
           (len > 4 && strncmp(host, "127.", 4) == 0 &&
            strspn(host, "0123456789.") >= len) ||
           (len == 5 && strncmp(host, "[::1]", 5) == 0);
}

static int is_port(const char *text)
{
    apr_size_t len = strlen(text);

    return len >= 1 && len <= 5 && strspn(text, "0123456789") == len &&
           atoi(text) >= 1 && atoi(text) <= 65535;
}

/* The length of a host name or a bracketed IPv6 address; 0: neither. */
static apr_size_t host_length(const char *host)
{
    static const char name[] = "abcdefghijklmnopqrstuvwxyz"
                               "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
    apr_size_t len = strspn(host, name);

    if (*host == '[') {
        len = 1 + strspn(host + 1, "0123456789abcdefABCDEF:.");
        return host[len] == ']' ? len + 1 : 0;
    }
    return len;
}

const char *kuji_mail_server_read(kuji_mail_server_t *server, const char *url,
                                  const char *word, apr_pool_t *pool)
{
    int is_tls = strncmp(url, "smtps://", 8) == 0;
    const char *host = url + (is_tls ? 8 : 7);
    apr_size_t len;

    if (!is_tls && strncmp(url, "smtp://", 7) != 0) {
        return "smtp://host:port or smtps://host:port";
    }
    len = host_length(host);
    if (len == 0 ||
        (host[len] && (host[len] != ':' || !is_port(host + len + 1)))) {
        return "smtp://host:port or smtps://host:port";
    }
    server->url = host[len]
                      ? apr_pstrdup(pool, url)
                      : apr_pstrcat(pool, url, is_tls ? ":465" : ":25", NULL);
    if (is_tls) {
        server->tls = KUJI_MAIL_SMTPS;
        return word ? "smtps:// is TLS as it is" : NULL;
    }
    if (word && strcasecmp(word, "plain") && strcasecmp(word, "starttls")) {
        return "StartTLS or Plain";
    }
    server->tls = word ? strcasecmp(word, "plain") == 0 ? KUJI_MAIL_PLAIN
                                                        : KUJI_MAIL_STARTTLS
                  : is_loopback(host, len) ? KUJI_MAIL_PLAIN
                                           : KUJI_MAIL_STARTTLS;
    return NULL;
}

apr_status_t kuji_mailer_init(void)
{
    return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? APR_SUCCESS
                                                             : APR_ENOMEM;
}

static size_t give(char *out, size_t size, size_t count, void *baton)
{
    kuji_mailer_t *m = baton;
    size_t len = size * count < m->left ? size * count : m->left;

    memcpy(out, m->text, len);
    m->text += len;
    m->left -= len;
    return len;
}

/* The dialogue, for what the last reply was about. It holds addresses and the
 * password: nothing of it is kept but the stage and the reply's status. */
static int listen_in(CURL *curl, curl_infotype type, char *data, size_t size,
                     void *baton)
{
    kuji_mailer_t *m = baton;

    (void)curl;
    if (m->stage == OVER) {
        return 0;
    }
    if (type == CURLINFO_HEADER_IN) {
        kuji_mail_reply_read(&m->reply, data, size);
    }
    else if (type == CURLINFO_HEADER_OUT && size >= 4 &&
             strncmp(data, "QUIT", 4) == 0) {
        m->last = m->stage;
        m->stage = OVER; /* its reply is none to the message */
    }
    else if (type == CURLINFO_HEADER_OUT) {
        memset(&m->reply, 0, sizeof(m->reply));
        if (size >= 8 && strncmp(data, "RCPT TO:", 8) == 0) {
            m->stage = RECIPIENT;
        }
        else if (size >= 4 && strncmp(data, "DATA", 4) == 0) {
            m->stage = MESSAGE;
        }
    }
    return 0;
}

/* Once all is handed over the server's answer is waited for a little: a message
 * that is given up then may have gone. */
static int give_up(void *baton, curl_off_t a, curl_off_t b, curl_off_t c,
                   curl_off_t d)
{
    kuji_mailer_t *m = baton;

    (void)a, (void)b, (void)c, (void)d;
    if (!m->stop || !__atomic_load_n(m->stop, __ATOMIC_ACQUIRE)) {
        return 0;
    }
    if (!m->stopped) {
        m->stopped = apr_time_now();
    }
    return m->left > 0 || apr_time_now() > m->stopped + LAST_WAIT;
}

static apr_status_t hang_up(void *baton)
{
    kuji_mailer_t *m = baton;

    curl_easy_cleanup(m->curl);
    return APR_SUCCESS;
}

static long ms(apr_interval_time_t given, apr_interval_time_t usual)
{
    return (long)((given ? given : usual) / 1000);
}

static void set_server(const kuji_mailer_t *m)
{
    const kuji_mail_server_t *s = m->server;

    curl_easy_setopt(m->curl, CURLOPT_URL, s->url);
    curl_easy_setopt(m->curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(m->curl, CURLOPT_PROXY, "");
    curl_easy_setopt(
        m->curl, CURLOPT_USE_SSL,
        (long)(s->tls == KUJI_MAIL_PLAIN ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    if (s->ca_file) {
        curl_easy_setopt(m->curl, CURLOPT_CAINFO, s->ca_file);
    }
    if (s->user) {
        curl_easy_setopt(m->curl, CURLOPT_USERNAME, s->user);
        curl_easy_setopt(m->curl, CURLOPT_PASSWORD, s->password);
    }
    curl_easy_setopt(m->curl, CURLOPT_CONNECTTIMEOUT_MS,
                     ms(s->connect, CONNECT));
    curl_easy_setopt(m->curl, CURLOPT_TIMEOUT_MS, ms(s->total, TOTAL));
}

static void set_callbacks(kuji_mailer_t *m)
{
    curl_easy_setopt(m->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(m->curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(m->curl, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(m->curl, CURLOPT_READDATA, m);
    curl_easy_setopt(m->curl, CURLOPT_VERBOSE, 1L);
    curl_easy_setopt(m->curl, CURLOPT_DEBUGFUNCTION, listen_in);
    curl_easy_setopt(m->curl, CURLOPT_DEBUGDATA, m);
    curl_easy_setopt(m->curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(m->curl, CURLOPT_XFERINFOFUNCTION, give_up);
    curl_easy_setopt(m->curl, CURLOPT_XFERINFODATA, m);
}

apr_status_t kuji_mailer_create(kuji_mailer_t **mailer,
                                const kuji_mail_server_t *server,
                                const int *stop, apr_pool_t *pool)
{
    kuji_mailer_t *m = apr_pcalloc(pool, sizeof(*m));

    m->server = server;
    m->stop = stop;
    m->curl = curl_easy_init();
    if (!m->curl) {
        return APR_ENOMEM;
    }
    apr_pool_cleanup_register(pool, m, hang_up, apr_pool_cleanup_null);
    set_callbacks(m);
    set_server(m);
    *mailer = m;
    return APR_SUCCESS;
}

static kuji_mail_sent_e judge(const kuji_mailer_t *m, CURLcode rc)
{
    stage_e stage = m->stage == OVER ? m->last : m->stage;

    if (rc == CURLE_OK) {
        return KUJI_MAIL_SENT;
    }
    /* 421: the server closes, whatever it was asked. */
    if (stage == BEFORE || m->reply.code == 421) {
        return KUJI_MAIL_AWAY;
    }
    return m->reply.code >= 500 ? KUJI_MAIL_REFUSED : KUJI_MAIL_LATER;
}

/* Why nothing came back, in the reason's letters. */
static const char *silence(CURLcode rc)
{
    switch (rc) {
    case CURLE_USE_SSL_FAILED:
        return "no tls";
    case CURLE_PEER_FAILED_VERIFICATION:
        return "certificate";
    default:
        return "no answer";
    }
}

kuji_mail_sent_e kuji_mailer_send(kuji_mail_reply_t *reply, kuji_mailer_t *m,
                                  const char *to, const char *text,
                                  apr_size_t len)
{
    struct curl_slist *list = curl_slist_append(NULL, to);
    kuji_mail_sent_e sent;
    CURLcode rc;

    memset(reply, 0, sizeof(*reply));
    if (!list) {
        return KUJI_MAIL_AWAY;
    }
    memset(&m->reply, 0, sizeof(m->reply));
    m->stage = BEFORE;
    m->text = text;
    m->left = len;
    curl_easy_setopt(m->curl, CURLOPT_MAIL_FROM, m->server->from);
    curl_easy_setopt(m->curl, CURLOPT_MAIL_RCPT, list);
    curl_easy_setopt(m->curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)len);
    rc = curl_easy_perform(m->curl);
    curl_easy_setopt(m->curl, CURLOPT_MAIL_RCPT, NULL);
    curl_slist_free_all(list);
    sent = judge(m, rc);
    /* "354 go ahead" before a silence is no reason for a failure. */
    if (sent == KUJI_MAIL_SENT || m->reply.code >= 400) {
        *reply = m->reply;
    }
    else {
        apr_cpystrn(reply->text, silence(rc), sizeof reply->text);
    }
    return sent;
}
