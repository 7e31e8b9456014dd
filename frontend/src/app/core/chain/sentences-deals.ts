/** How the contracts of deals, loans, works and incentives refuse somebody, in the reader's language. */

import { exactDecimal, showDuration, showEur, showMoment, showTokens, shortHex } from '../text/figures';
import type { Sentence } from './sentences';

const who = (value: unknown): string => shortHex(String(value));
const number = (value: unknown): string => String(value);

export const DEAL_SENTENCES: Readonly<Record<string, Sentence>> = {
  NotYourDeal: (v) =>
    $localize`This step of deal ${number(v['dealId'])}:deal: is the other side's to take. Sign with the wallet whose turn it is.`,
  OwnDeal: (v) =>
    $localize`You are a party of deal ${number(v['dealId'])}:deal:, or opened its dispute. Another administrator must judge it.`,
  WrongDealState: (v) =>
    $localize`Deal ${number(v['dealId'])}:deal: does not allow this step as it stands. Look at it again: it has moved on.`,
  DoneBefore: (v) => $localize`This was done for deal ${number(v['dealId'])}:deal: before. Nothing needs doing.`,
  IncompleteListing: () =>
    $localize`The listing lacks its text, a place or a time to deliver, or gives more than a year. Fill it in.`,
  WrongStructure: (v) =>
    $localize`The wallet ${who(v['structure'])}:wallet: cannot host this kind of deal. Name an active stakeholder where a structure takes part, and none where not.`,
  ListingClosed: (v) =>
    $localize`Listing ${number(v['listingId'])}:listing: is closed, or all its places are taken. Choose another.`,
  NotYourListing: (v) =>
    $localize`Listing ${number(v['listingId'])}:listing: is somebody else's and its time is not over. Wait, or choose another.`,
  IncompletePurchase: () =>
    $localize`The group purchase lacks its text, a price, a time to deliver, or has a threshold above its most. Fill it in.`,
  PurchaseClosed: (v) =>
    $localize`Group purchase ${number(v['purchaseId'])}:purchase: takes nobody any more. Choose another.`,
  TooManyUnits: (v) => $localize`Only ${number(v['left'])}:left: units are left. Ask for fewer.`,
  NotYourPurchase: (v) =>
    $localize`Group purchase ${number(v['purchaseId'])}:purchase: belongs to another wallet. Sign with its supplier's.`,
  IncompleteGood: () => $localize`The good lacks its text or the longest time it is lent for. Fill it in.`,
  GoodNotThere: (v) => $localize`Good ${number(v['goodId'])}:good: is lent or withdrawn. Choose another, or wait.`,
  NotYourGood: (v) => $localize`Good ${number(v['goodId'])}:good: belongs to another wallet. Sign with its lender's.`,
  LoanTooLong: (v) =>
    $localize`This good is lent for ${showDuration(Number(v['longest']))}:longest: at most. Ask for a shorter time.`,
  NotYourLoan: (v) =>
    $localize`This step of loan ${number(v['loanId'])}:loan: is the other side's to take. Sign with the wallet whose turn it is.`,
  OwnLoan: (v) =>
    $localize`You are a party of loan ${number(v['loanId'])}:loan:, or opened its dispute. Another administrator must judge it.`,
  WrongLoanState: (v) =>
    $localize`Loan ${number(v['loanId'])}:loan: does not allow this step as it stands. Look at it again: it has moved on.`,
  BudgetTooSmall: (v, l) =>
    $localize`The budget for works has ${showTokens(BigInt(v['budget'] as bigint), l)}:budget: tokens, and ${showTokens(BigInt(v['amount'] as bigint), l)}:amount: are needed. Have the treasury pay more into it.`,
  WrongBonusState: (v) =>
    $localize`The energy bonus of incentive ${number(v['incentiveId'])}:incentive: is not confirmed yet, or is confirmed already.`,
  NoShareInIncentive: (v) =>
    $localize`The wallet ${who(v['wallet'])}:wallet: has claimed no share of this incentive. Claim the share first.`,
  BonusTaken: () => $localize`This member's energy bonus has been paid. Nothing needs doing.`,
  NotAStakeholder: (v) =>
    $localize`The wallet ${who(v['wallet'])}:wallet: is no active stakeholder's. Only stakeholders do this.`,
  NoFeeDue: (v, l) =>
    $localize`No yearly fee is due: it is paid until ${showMoment(Number(v['paidUntil']), l)}:until:. Nothing needs doing.`,
  FeeNotCovered: (v, l) =>
    $localize`${showEur(BigInt(v['arrived'] as bigint), l)}:arrived: arrived and ${showEur(BigInt(v['required'] as bigint), l)}:required: are asked. Use the settlement euro of this community.`,
  InArrears: (v, l) =>
    $localize`The yearly fee was paid until ${showMoment(Number(v['paidUntil']), l)}:until:. Pay it first.`,
  NotForSale: () => $localize`Tokens are not for sale in this community. The token administrator sets a price.`,
  TooFewTokens: (v, l) =>
    $localize`This buys only ${exactDecimal(BigInt(v['tokens'] as bigint), 18, 0, l)}:tokens: tokens: the price has changed. Look at it again.`,
};
