// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Deals} from "./Deals.sol";
import {MemberKind, MemberStatus, Standing} from "./interfaces/ICommunity.sol";
import {Deal, DealState} from "./interfaces/IDeals.sol";
import {IListings, Listing, ListingTerms} from "./interfaces/IListings.sol";
import {TokenCategories} from "./libraries/TokenCategories.sol";

/// @title Offers and requests
/// @notice The layer between deals and what is exchanged.
abstract contract Listings is Deals, IListings {
    /// @inheritdoc IListings
    uint256 public listingCount;

    mapping(uint256 listingId => Listing) private _listings;

    /// @inheritdoc IListings
    function accept(uint256 listingId) external returns (uint256 dealId) {
        Listing memory listing = _listings[listingId];
        ListingTerms memory terms = listing.terms;
        if (listing.isClosed || terms.places == 0) revert ListingClosed(listingId);
        _requireBefore(terms.acceptBy);
        Deal memory deal;
        (deal.payer, deal.payee) = listing.isRequest ? (listing.maker, msg.sender) : (msg.sender, listing.maker);
        deal.feeBps = _feeOf(deal.payer, deal.payee, terms);
        deal.category = terms.category;
        deal.state = DealState.Accepted;
        deal.structure = terms.structure;
        deal.structureBps = terms.structureBps;
        deal.amount = terms.amount;
        deal.deadline = uint40(block.timestamp) + terms.deliverWithin;
        deal.listingId = uint40(listingId);

        _listings[listingId].terms.places = terms.places - 1;
        dealId = _open(deal);
        if (!listing.isRequest) _take(msg.sender, terms.amount);
    }

    /// @inheritdoc IListings
    function close(uint256 listingId) external {
        Listing storage listing = _listings[listingId];
        ListingTerms storage terms = listing.terms;
        if (listing.maker == address(0) || listing.isClosed) revert ListingClosed(listingId);
        if (block.timestamp < terms.acceptBy && !_mayClose(listing.maker)) {
            revert NotYourListing(listingId, msg.sender);
        }
        listing.isClosed = true;
        emit ListingEnded(listingId, terms.places);
        if (listing.isRequest && terms.places != 0) _giveBack(listing.maker, uint256(terms.amount) * terms.places);
    }

    /// @inheritdoc IListings
    function listingOf(uint256 listingId) external view returns (Listing memory) {
        return _listings[listingId];
    }

    // ---------------------------------------------------------------- for the layers above

    function _list(address maker, bool isRequest, ListingTerms calldata terms) internal returns (uint256 listingId) {
        if (terms.amount == 0) revert EmptyAmount();
        bool isComplete = terms.contentHash != bytes32(0) && terms.places != 0 && terms.deliverWithin != 0;
        bool isLong = terms.acceptBy > block.timestamp + MOST_TIME || terms.deliverWithin > MOST_TIME;
        if (!isComplete || isLong) revert IncompleteListing();
        _requireBefore(terms.acceptBy);
        _requireShare(terms.structureBps);
        _requireStructure(terms);
        listingId = ++listingCount;
        _listings[listingId] = Listing(terms, maker, isRequest, false);
        emit Listed(listingId, maker, isRequest, terms);
    }

    /// @dev The fee of a deal between these two, if they may make it.
    function _feeOf(address payer, address payee, ListingTerms memory terms) internal view virtual returns (uint16) {
        return _termsBetween(payer, payee, terms.category).feeBps;
    }

    function _mayClose(address maker) internal view virtual returns (bool) {
        return msg.sender == maker;
    }

    // ---------------------------------------------------------------- internals

    function _requireStructure(ListingTerms calldata terms) private view {
        bool isWanted = TokenCategories.hasStructure(terms.category);
        if (!isWanted && terms.structure == address(0) && terms.structureBps == 0) return;
        Standing memory host = community.standingOf(terms.structure);
        if (!isWanted || host.kind != MemberKind.Stakeholder || host.status != MemberStatus.Active) {
            revert WrongStructure(terms.structure);
        }
    }
}
