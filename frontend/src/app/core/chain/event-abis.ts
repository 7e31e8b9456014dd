/** All contracts whose events the page decodes, and the names of those events as a type. */

import {
  communityAbi,
  communityFactoryAbi,
  communityTokenAbi,
  communityWorksAbi,
  goodsLoansAbi,
  groupPurchasesAbi,
  marketplaceAbi,
  measurementNotaryAbi,
  oracleQuorumAbi,
  refuterAbi,
  rewardModelsAbi,
  serviceExchangeAbi,
  sessionHandlerAbi,
  settlementEuroAbi,
  stakeholderDeskAbi,
  treasuryAbi,
  treeDemandsAbi,
} from './generated/abis';

export const EVENT_ABIS = [
  communityAbi,
  communityFactoryAbi,
  communityTokenAbi,
  communityWorksAbi,
  goodsLoansAbi,
  groupPurchasesAbi,
  marketplaceAbi,
  measurementNotaryAbi,
  oracleQuorumAbi,
  refuterAbi,
  rewardModelsAbi,
  serviceExchangeAbi,
  sessionHandlerAbi,
  settlementEuroAbi,
  stakeholderDeskAbi,
  treasuryAbi,
  treeDemandsAbi,
] as const;

export type EventName = Extract<(typeof EVENT_ABIS)[number][number], { readonly type: 'event' }>['name'];
