// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDeals} from "./IDeals.sol";
import {IListings, ListingTerms} from "./IListings.sol";

/// @title Goods and services among members, paid in tokens
interface IServiceExchange is IDeals, IListings {
    /// @notice Offers something: whoever accepts pays. Active members.
    function offer(ListingTerms calldata terms) external returns (uint256 listingId);

    /// @notice Asks for something: the caller's tokens for all places go into escrow at once, and whoever accepts is paid.
    /// Active members.
    function request(ListingTerms calldata terms) external returns (uint256 listingId);
}
