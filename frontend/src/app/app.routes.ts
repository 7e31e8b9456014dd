import type { Routes } from '@angular/router';

const title = (name: string): string => `${name} · Commonwatt`;

export const routes: Routes = [
  {
    path: '',
    pathMatch: 'full',
    title: title($localize`Home`),
    loadComponent: () => import('./features/home/home').then((m) => m.HomePage),
  },
  {
    path: 'market',
    title: title($localize`Market`),
    loadComponent: () => import('./features/market/market').then((m) => m.MarketPage),
  },
  {
    path: 'market/:id',
    title: title($localize`Session`),
    loadComponent: () => import('./features/market/session').then((m) => m.SessionPage),
  },
  {
    path: 'wallet',
    title: title($localize`Wallet`),
    loadComponent: () => import('./features/wallet/wallet').then((m) => m.WalletPage),
  },
  {
    path: 'tokens',
    title: title($localize`Tokens`),
    loadComponent: () => import('./features/tokens/tokens').then((m) => m.TokensPage),
  },
  {
    path: 'energy',
    title: title($localize`My energy`),
    loadComponent: () => import('./features/energy/energy').then((m) => m.EnergyPage),
  },
  {
    path: 'rewards',
    title: title($localize`Rewards`),
    loadComponent: () => import('./features/rewards/rewards').then((m) => m.RewardsPage),
  },
  { path: 'services', pathMatch: 'full', redirectTo: 'services/offers' },
  {
    path: 'services/:area',
    title: title($localize`Services`),
    loadComponent: () => import('./features/services/services').then((m) => m.ServicesPage),
  },
  { path: 'administration', pathMatch: 'full', redirectTo: 'administration/treasury' },
  {
    path: 'administration/:area',
    title: title($localize`Administration`),
    loadComponent: () => import('./features/administration/administration').then((m) => m.AdministrationPage),
  },
  {
    path: 'fees',
    title: title($localize`Fees and incentives`),
    loadComponent: () => import('./features/fees/fees').then((m) => m.FeesPage),
  },
  {
    path: 'join',
    title: title($localize`Join`),
    loadComponent: () => import('./features/join/join').then((m) => m.JoinPage),
  },
  {
    path: 'receipt/:id/:trader',
    title: title($localize`Receipt`),
    loadComponent: () => import('./features/receipt/receipt').then((m) => m.ReceiptPage),
  },
  {
    path: 'verify',
    title: title($localize`Verify`),
    loadComponent: () => import('./features/audit/verify').then((m) => m.VerifyPage),
  },
  {
    path: 'explorer',
    title: title($localize`Explorer`),
    loadComponent: () => import('./features/explorer/explorer').then((m) => m.ExplorerPage),
  },
  {
    path: 'transaction/:hash',
    title: title($localize`Transaction`),
    loadComponent: () => import('./features/explorer/transaction').then((m) => m.TransactionPage),
  },
  {
    path: 'members',
    title: title($localize`Members`),
    loadComponent: () => import('./features/members/members').then((m) => m.MembersPage),
  },
  {
    path: 'roles',
    title: title($localize`Roles`),
    loadComponent: () => import('./features/roles/roles').then((m) => m.RolesPage),
  },
  {
    path: 'operators',
    title: title($localize`Operators`),
    loadComponent: () => import('./features/operators/operators').then((m) => m.OperatorsPage),
  },
  {
    path: 'network',
    title: title($localize`Network`),
    loadComponent: () => import('./features/network/network').then((m) => m.NetworkPage),
  },
  {
    path: 'network/api',
    title: title($localize`What the service can be asked`),
    loadComponent: () => import('./features/network/api-reference').then((m) => m.ApiReference),
  },
  {
    path: '**',
    title: title($localize`Not found`),
    loadComponent: () => import('./features/home/not-found').then((m) => m.NotFoundPage),
  },
];
