/* Internet addresses as bytes.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_ADDRESS_H
#define KUJI_CORE_ADDRESS_H

#include <stddef.h>

/** Whether it is an address of the public internet, and none of this machine,
 * of its network, or of nobody (IANA's registries of special-purpose
 * addresses, RFC 6890). ip: 4 bytes (IPv4) or 16 (IPv6) in network order;
 * another length is not public. An IPv4 address inside an IPv6 one (mapped,
 * NAT64, 6to4) counts as itself. */
int kuji_address_is_public(const unsigned char *ip, size_t len);

#endif
