/** Members' states and kinds in words. */

import { MemberStatus } from '../../core/chain/community';

export const STATUS_NAMES: Readonly<Record<MemberStatus, string>> = {
  [MemberStatus.None]: $localize`refused or unknown`,
  [MemberStatus.Applied]: $localize`has applied`,
  [MemberStatus.Active]: $localize`active`,
  [MemberStatus.Suspended]: $localize`suspended`,
  [MemberStatus.Left]: $localize`has left`,
  [MemberStatus.Replaced]: $localize`replaced by another wallet`,
};
export const KIND_NAMES = ['–', $localize`citizen`, $localize`stakeholder`] as const;
export const PROFILE_NAMES = [$localize`consumer`, $localize`prosumer`, $localize`prosumer with storage`] as const;
