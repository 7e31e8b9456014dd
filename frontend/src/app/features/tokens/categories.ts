/** The kinds of payment in the community's token, as `ITokenPolicy.TokenCategory` numbers them. */

export enum Category {
  Transfer,
  CitizenToCitizen,
  WithStructure,
  StakeholderToCitizen,
  SellerBonus,
  EnergyBonus,
  StakeholderToStakeholder,
  CitizenToStakeholder,
  ToCommunity,
  ToCommunityWithStructure,
}

export const CATEGORY_NAMES: Readonly<Record<Category, string>> = {
  [Category.Transfer]: $localize`Plain transfer`,
  [Category.CitizenToCitizen]: $localize`A citizen serves a citizen`,
  [Category.WithStructure]: $localize`A citizen serves citizens, hosted by a stakeholder`,
  [Category.StakeholderToCitizen]: $localize`A stakeholder serves a citizen`,
  [Category.SellerBonus]: $localize`A seller's bonus on a purchase in euro`,
  [Category.EnergyBonus]: $localize`A bonus for energy`,
  [Category.StakeholderToStakeholder]: $localize`A stakeholder serves a stakeholder`,
  [Category.CitizenToStakeholder]: $localize`A citizen serves a stakeholder`,
  [Category.ToCommunity]: $localize`Work for the community`,
  [Category.ToCommunityWithStructure]: $localize`Work for the community, hosted by a stakeholder`,
};

/** What a member may pay directly; the others come out of deals or out of the treasury. */
export const DIRECT: readonly Category[] = [
  Category.Transfer,
  Category.CitizenToCitizen,
  Category.StakeholderToCitizen,
  Category.StakeholderToStakeholder,
  Category.CitizenToStakeholder,
];

/** payer's kind – payee's kind → the category of goods and services between them. */
const BETWEEN: Readonly<Record<string, Category>> = {
  '1-1': Category.CitizenToCitizen,
  '1-2': Category.StakeholderToCitizen,
  '2-1': Category.CitizenToStakeholder,
  '2-2': Category.StakeholderToStakeholder,
};

/** As `TokenCategories.between` has it: what goods and services between two kinds of member are paid as. */
export function categoryBetween(payerKind: number, payeeKind: number): Category {
  return BETWEEN[`${payerKind}-${payeeKind}`] ?? Category.Transfer;
}

export const TOKEN_DECIMALS = 18;
