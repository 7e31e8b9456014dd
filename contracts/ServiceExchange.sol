// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Listings} from "./Listings.sol";
import {ListingTerms} from "./interfaces/IListings.sol";
import {IServiceExchange} from "./interfaces/IServiceExchange.sol";

/// @title Goods and services among members, paid in tokens
contract ServiceExchange is IServiceExchange, Listings {
    /// @inheritdoc IServiceExchange
    function offer(ListingTerms calldata terms) external returns (uint256 listingId) {
        _requireActive();
        return _list(msg.sender, false, terms);
    }

    /// @inheritdoc IServiceExchange
    function request(ListingTerms calldata terms) external returns (uint256 listingId) {
        _requireActive();
        listingId = _list(msg.sender, true, terms);
        _take(msg.sender, uint256(terms.amount) * terms.places);
    }
}
