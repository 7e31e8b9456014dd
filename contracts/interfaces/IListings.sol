// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TokenCategory} from "./ITokenPolicy.sol";

/// @notice What is offered or asked for. The text is elsewhere: `contentHash` names it.
/// @param amount Tokens for one acceptance; time-bank: 1 token (10¹⁸) is an hour.
/// @param places How often it may be accepted.
/// @param acceptBy Until when.
/// @param deliverWithin Seconds from acceptance to delivery.
/// @param structure Stakeholder that hosts, in the categories with a structure; zero otherwise.
/// @param structureBps Its share of what is left after the fee.
struct ListingTerms {
    TokenCategory category;
    uint96 amount;
    uint16 places;
    uint40 acceptBy;
    uint40 deliverWithin;
    address structure;
    uint16 structureBps;
    bytes32 contentHash;
}

/// @notice A listing; `places` are those left.
struct Listing {
    ListingTerms terms;
    address maker;
    bool isRequest;
    bool isClosed;
}

/// @title Offers and requests
interface IListings {
    /// @notice Thrown when a listing lacks its content, a place or time to deliver, or gives more than a year to accept or deliver.
    error IncompleteListing();

    /// @notice Thrown when the listing names a structure in a category without one, or none, or one that cannot be.
    error WrongStructure(address structure);

    /// @notice Thrown when there is no such listing, it is closed, or all its places are taken.
    error ListingClosed(uint256 listingId);

    /// @notice Thrown when somebody other than its maker closes a listing before its time is over.
    error NotYourListing(uint256 listingId, address account);

    /// @notice Emitted when something was offered or asked for.
    event Listed(uint256 indexed listingId, address indexed maker, bool isRequest, ListingTerms terms);

    /// @notice Emitted when a listing was closed with so many places left.
    event ListingEnded(uint256 indexed listingId, uint16 placesLeft);

    /// @notice Accepts a listing: the payer's tokens go into escrow, and a deal begins. Active members.
    /// @return dealId The deal.
    function accept(uint256 listingId) external returns (uint256 dealId);

    /// @notice Closes a listing; what a request holds for places not taken goes back. Its maker, or anybody once its time
    /// is over.
    function close(uint256 listingId) external;

    /// @notice A listing.
    function listingOf(uint256 listingId) external view returns (Listing memory);

    /// @notice How many listings there ever were; they are numbered from 1.
    function listingCount() external view returns (uint256);
}
