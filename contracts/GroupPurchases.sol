// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Deals} from "./Deals.sol";
import {Standing} from "./interfaces/ICommunity.sol";
import {Deal, DealState} from "./interfaces/IDeals.sol";
import {IGroupPurchases, Purchase, PurchaseTerms} from "./interfaces/IGroupPurchases.sol";
import {TokenCategories} from "./libraries/TokenCategories.sol";

/// @title Group purchases: many payers, one supplier, and a threshold below which everybody is refunded
contract GroupPurchases is IGroupPurchases, Deals {
    using SafeCast for uint256;

    /// @inheritdoc IGroupPurchases
    uint256 public purchaseCount;

    /// @inheritdoc IGroupPurchases
    mapping(uint256 dealId => uint32) public unitsOf;

    mapping(uint256 purchaseId => Purchase) private _purchases;

    /// @inheritdoc IGroupPurchases
    function open(PurchaseTerms calldata terms) external returns (uint256 purchaseId) {
        _requireActive();
        if (terms.unitPrice == 0) revert EmptyAmount();
        bool isComplete = terms.contentHash != bytes32(0) && terms.deliverWithin != 0 && terms.leastUnits != 0;
        bool isLong = terms.closesAt > block.timestamp + MOST_TIME || terms.deliverWithin > MOST_TIME;
        if (!isComplete || isLong || terms.leastUnits > terms.mostUnits) revert IncompletePurchase();
        _requireBefore(terms.closesAt);
        purchaseId = ++purchaseCount;
        _purchases[purchaseId] = Purchase(terms, msg.sender, 0, false);
        emit PurchaseOpened(purchaseId, msg.sender, terms);
    }

    /// @inheritdoc IGroupPurchases
    function join(uint256 purchaseId, uint32 units) external returns (uint256 dealId) {
        Purchase memory purchase = _purchases[purchaseId];
        PurchaseTerms memory terms = purchase.terms;
        if (purchase.supplier == address(0) || purchase.isCancelled) revert PurchaseClosed(purchaseId);
        if (units == 0) revert EmptyAmount();
        _requireBefore(terms.closesAt);
        if (units > terms.mostUnits - purchase.units) revert TooManyUnits(units, terms.mostUnits - purchase.units);
        (Standing memory from, Standing memory to) = _activePair(msg.sender, purchase.supplier);
        Deal memory deal;
        deal.category = TokenCategories.between(from.kind, to.kind);
        deal.feeBps = _openTerms(deal.category).feeBps;
        deal.payer = msg.sender;
        deal.payee = purchase.supplier;
        deal.state = DealState.Pledged;
        deal.amount = (uint256(terms.unitPrice) * units).toUint96();
        deal.deadline = terms.closesAt;
        deal.listingId = uint40(purchaseId);

        _purchases[purchaseId].units = purchase.units + units;
        dealId = _open(deal);
        unitsOf[dealId] = units;
        emit PurchasePledged(purchaseId, dealId, purchase.units + units);
        _take(msg.sender, deal.amount);
    }

    /// @inheritdoc IGroupPurchases
    function leavePurchase(uint256 dealId) external {
        Deal storage deal = _in(dealId, DealState.Pledged);
        _requireParty(dealId, deal.payer);
        _requireBefore(deal.deadline);
        Purchase storage purchase = _purchases[deal.listingId];
        purchase.units -= unitsOf[dealId];
        emit PurchasePledged(deal.listingId, dealId, purchase.units);
        _end(dealId, deal, 0, false);
    }

    /// @inheritdoc IGroupPurchases
    function cancelPurchase(uint256 purchaseId) external {
        Purchase storage purchase = _purchases[purchaseId];
        if (purchase.supplier == address(0) || purchase.isCancelled) revert PurchaseClosed(purchaseId);
        if (!_isParty(purchase.supplier)) revert NotYourPurchase(purchaseId, msg.sender);
        _requireBefore(purchase.terms.closesAt);
        purchase.isCancelled = true;
        emit PurchaseCancelled(purchaseId);
    }

    /// @inheritdoc IGroupPurchases
    function purchaseOf(uint256 purchaseId) external view returns (Purchase memory) {
        return _purchases[purchaseId];
    }

    /// @dev A purchase that closed with enough units turns its pledges into deals to be delivered.
    function _ripen(uint256, Deal storage deal) internal override {
        if (deal.state != DealState.Pledged || block.timestamp < deal.deadline) return;
        Purchase storage purchase = _purchases[deal.listingId];
        if (purchase.isCancelled || purchase.units < purchase.terms.leastUnits) return;
        deal.state = DealState.Accepted;
        deal.deadline += purchase.terms.deliverWithin;
    }

    function _endOf(Deal storage deal) internal view override returns (uint256) {
        bool isOff = deal.state == DealState.Pledged && _purchases[deal.listingId].isCancelled;
        return isOff ? 0 : deal.deadline;
    }
}
