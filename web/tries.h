/* Wrong codes, passphrases and links: how many are taken, and from whom.
 *
 * Many people share an address behind a carrier's NAT, so that one number an
 * address would shut out the honest with the guessing. Three things are counted
 * together, per campaign, and only what was wrong is counted:
 *
 *   the participant   10 at once, then one every 30 s
 *   the network       (IPv4 /24, IPv6 /56) 100 at once, then one every 2 s, for
 *                     browsers that came just now; 400, then one a second, for
 *                     those that had the page before, for ten seconds at least
 *   the campaign      5,000 at once, then 10 a second; beyond that nobody who
 *                     came just now is listened to
 *
 * Whoever passed another gate before (a confirmed address, a link) is counted
 * as a participant only, and so is a program's participant. A try that is not
 * listened to is not looked at: the answer is the same for a right code and a
 * wrong one.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_TRIES_H
#define KUJI_WEB_TRIES_H

#include "web/identity.h"
#include "web/throttle.h"

/** Seconds until this request's participant is listened to; 0: now. With
 * web->campaign; participant: its id. */
int kuji_tries_wait(kuji_web_t *web, const char *participant);

/** The try was wrong. */
void kuji_tries_wrong(kuji_web_t *web, const char *participant);

/** Answers 429, with the seconds in Retry-After; web->page may be set. */
int kuji_tries_refuse(kuji_web_t *web, int seconds);

/** Of what costs something whether it is right or wrong: charges one to this
 * browser and one to its network and returns 0, or the seconds until it may
 * come again. Of all campaigns together; the rules' names are the caller's. */
int kuji_tries_take(const kuji_web_t *web, const kuji_throttle_rule_t *person,
                    const kuji_throttle_rule_t *network);

/** Whether unusually many participants of the campaign came from this
 * request's network within ten minutes (more than 50, then more than 5 a
 * minute), this one included. */
int kuji_tries_crowd(kuji_web_t *web, const char *participant);

/** The request's network as text: "192.0.2.0/24". Only ever hashed. */
const char *kuji_tries_network(const kuji_web_t *web);

#endif
