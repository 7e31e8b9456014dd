// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MemberKind} from "../interfaces/ICommunity.sol";
import {TokenCategory} from "../interfaces/ITokenPolicy.sol";

/// @title Which kinds of members a category is for
library TokenCategories {
    /// @notice Whether a member of one kind may pay a member of the other in this category.
    /// @dev The treasury's own categories fit nobody: members do not pay in them.
    function fits(TokenCategory category, MemberKind payer, MemberKind payee) internal pure returns (bool) {
        if (category == TokenCategory.CitizenToCitizen || category == TokenCategory.WithStructure) {
            return payer == MemberKind.Citizen && payee == MemberKind.Citizen;
        }
        if (category == TokenCategory.StakeholderToCitizen) {
            return payer == MemberKind.Citizen && payee == MemberKind.Stakeholder;
        }
        if (category == TokenCategory.SellerBonus || category == TokenCategory.CitizenToStakeholder) {
            return payer == MemberKind.Stakeholder && payee == MemberKind.Citizen;
        }
        if (category == TokenCategory.StakeholderToStakeholder) {
            return payer == MemberKind.Stakeholder && payee == MemberKind.Stakeholder;
        }
        return false;
    }

    /// @notice The category of goods and services that go from a member of one kind to one of the other.
    function between(MemberKind payer, MemberKind payee) internal pure returns (TokenCategory) {
        if (payer == MemberKind.Citizen) {
            return payee == MemberKind.Citizen ? TokenCategory.CitizenToCitizen : TokenCategory.StakeholderToCitizen;
        }
        return
            payee == MemberKind.Citizen ? TokenCategory.CitizenToStakeholder : TokenCategory.StakeholderToStakeholder;
    }

    /// @notice Whether a structure that hosts has its share in payments of this category.
    function hasStructure(TokenCategory category) internal pure returns (bool) {
        return category == TokenCategory.WithStructure || category == TokenCategory.ToCommunityWithStructure;
    }
}
