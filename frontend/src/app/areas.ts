/** The areas of the page, in groups: what is one's own, what is everybody's, and what checks both. */

export interface Area {
  readonly path: string;
  readonly label: string;
}

export interface Group {
  readonly label: string;
  readonly areas: readonly Area[];
}

export const AREAS: readonly Group[] = [
  {
    label: $localize`Mine`,
    areas: [
      { path: '/', label: $localize`Home` },
      { path: '/market', label: $localize`Market` },
      { path: '/energy', label: $localize`My energy` },
      { path: '/rewards', label: $localize`Rewards` },
      { path: '/wallet', label: $localize`Wallet` },
      { path: '/tokens', label: $localize`Tokens` },
    ],
  },
  {
    label: $localize`Community`,
    areas: [
      { path: '/services', label: $localize`Services` },
      { path: '/members', label: $localize`Members` },
      { path: '/fees', label: $localize`Fees` },
      { path: '/roles', label: $localize`Roles` },
      { path: '/administration', label: $localize`Administration` },
    ],
  },
  {
    label: $localize`Check`,
    areas: [
      { path: '/operators', label: $localize`Operators` },
      { path: '/verify', label: $localize`Verify` },
      { path: '/explorer', label: $localize`Explorer` },
    ],
  },
];

/** The group that an address belongs to; the first where it belongs to none. */
export function groupOf(url: string): Group {
  const path = url.split(/[?#]/)[0];
  const owns = (area: Area): boolean => area.path !== '/' && (path === area.path || path.startsWith(`${area.path}/`));
  return AREAS.find((group) => group.areas.some(owns)) ?? (path.startsWith('/transaction/') ? AREAS[2] : AREAS[0]);
}
