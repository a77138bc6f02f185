/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the model's rules ask for, in words: those of "utcpctl acl", and those of nft.
 */
#ifndef USERSPACE_KERN_ACL_TEXT_H
#define USERSPACE_KERN_ACL_TEXT_H

#include "../../modules/acl/match.h"

bool acl_text_is(const struct acl_match *match);
void acl_text_print(const struct acl_match *match);
bool acl_text_is_nft(const struct acl_match *match);
void acl_text_print_nft(const struct acl_match *match);

#endif /* USERSPACE_KERN_ACL_TEXT_H */
